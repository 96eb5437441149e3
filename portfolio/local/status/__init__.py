"""The status page of the local stage: resources, requests and data in a browser."""
