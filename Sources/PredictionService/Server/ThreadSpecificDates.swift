import NIOPosix

/// A ``DateHeader`` for each thread that asks.
struct ThreadSpecificDates: Sendable {
  // Each thread sees only its own.
  private nonisolated(unsafe) let variable = ThreadSpecificVariable<DateHeader>()

  var ofThisThread: DateHeader {
    if let known = variable.currentValue { return known }
    let new = DateHeader()
    variable.currentValue = new
    return new
  }
}
