"""诊断评估中心：above its four siblings; it gathers what they record."""
