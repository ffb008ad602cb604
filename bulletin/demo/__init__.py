"""The boards of the demo plant: notices of many departments over a year and more, with their readers."""
