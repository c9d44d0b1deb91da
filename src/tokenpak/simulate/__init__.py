"""Transcripts that agents keep, replayed through the packer: what it would save and lose."""
