"""The revisions of the log's tables, one file each; a file that has been released is never changed."""
