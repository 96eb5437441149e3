"""The cache of builds: its keys, its entries and its storage."""
