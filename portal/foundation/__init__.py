"""What every module uses and no plant has a word for: names and pinyin, tables, dates as people say them, CSV and XLSX, registries."""
