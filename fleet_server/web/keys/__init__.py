"""Settings and Keys: who may use the REST interface, for what, where and until when."""
