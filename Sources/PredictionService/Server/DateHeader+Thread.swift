import NIOPosix

extension DateHeader {
  /// That of the thread that asks.
  static var ofThisThread: DateHeader {
    if let known = variable.currentValue { return known }
    let new = DateHeader()
    variable.currentValue = new
    return new
  }

  // Each thread sees only its own. One for all: a process has few such variables to give.
  private nonisolated(unsafe) static let variable = ThreadSpecificVariable<DateHeader>()
}
