"""The answer to NATS' question at each connection: who is this, and what may it do?"""
