"""Documents that become texts: policies from Word, articles from folders and archives of files."""
