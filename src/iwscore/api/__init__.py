"""The service: answers over HTTP, computed for what each reader may see."""
