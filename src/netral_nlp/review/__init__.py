"""The review page: a queue of scored posts, a log of what people decided, and what can be learned from it."""
