"""What a new study may begin with beside answers: a reporting event."""
