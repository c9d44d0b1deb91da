"""Wire formats: bytes in, parts with spans; new text in, bytes with everything else untouched."""
