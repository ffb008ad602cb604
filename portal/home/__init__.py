"""The home page: widgets that modules register and a person arranges."""
