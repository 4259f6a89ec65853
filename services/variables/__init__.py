"""Environment variables: set and revealed one at a time, given to builds and runtimes as a set.

A value is plain in three places only: in the request that sets it, in the answer that reveals
it, and in what a build or a runtime is given. Everything else knows its fingerprint.
"""
