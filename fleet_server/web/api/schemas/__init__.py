"""What may be sent and what is answered, field by field; the OpenAPI document is made from this."""
