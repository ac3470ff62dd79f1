"""What the officer or the clock starts; each flow reads like a sentence."""
