"""The wall screen: today and the terminals in large type, for a screen that nobody touches."""
