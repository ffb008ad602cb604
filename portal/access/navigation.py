"""Where access stands in the frame."""
