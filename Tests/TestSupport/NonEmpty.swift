/// The cases that a test goes through, of which there must be some: a loop over none would pass.
public func nonEmpty<Cases: Collection>(_ cases: Cases) -> Cases {
  precondition(!cases.isEmpty, "there is no case to test")
  return cases
}
