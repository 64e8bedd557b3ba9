"""The weekly matching round and its digest."""
