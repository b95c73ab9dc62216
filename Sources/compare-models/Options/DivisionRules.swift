import ArgumentParser

/// What holds for dividing rows, in whatever command that is asked for.
enum DivisionRules {
  static func check(testFraction: Double) throws {
    guard testFraction > 0, testFraction < 1 else {
      throw ValidationError("--test-fraction must be above 0 and below 1.")
    }
  }

  static func check(crossValidate: Int?, repeats: Int) throws {
    if let crossValidate, !(2...1_000_000 ~= crossValidate) {
      throw ValidationError("--cross-validate must be at least 2.")
    }
    guard 1...1_000_000 ~= repeats else {
      throw ValidationError("--repeats must be at least 1.")
    }
    if repeats > 1, crossValidate == nil {
      throw ValidationError("--repeats needs --cross-validate.")
    }
  }
}
