"""The cache of builds: its keys, entries, folders and downloads."""
