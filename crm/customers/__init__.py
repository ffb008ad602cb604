"""The file of customers: retailers, dealers, suppliers, prospects. Portfolios (客户片区) are held from day to day; a file is read as it stood on any day."""
