/// A loop to be timed.
struct Kernel {
  let name: String
  /// What one element is, such as a record or a byte.
  let element: String
  /// How many of them a run goes through.
  let count: Int
  /// Restores what a run needs, outside of the time that is taken.
  var prepare: () -> Void = {}
  /// Returns something that comes of the work, so that none of it can be left out.
  let run: () -> Int

  private static let warmUps = 3
  private static let samples = 15...2000
  private static let enough = Duration.milliseconds(300)

  func measured() -> String {
    let clock = ContinuousClock()
    var times: [Duration] = []
    var total = Duration.zero
    var sum = 0
    for _ in 0..<Self.warmUps {
      prepare()
      sum &+= run()
    }
    while times.count < Self.samples.lowerBound
      || (total < Self.enough && times.count < Self.samples.upperBound)
    {
      prepare()
      let time = clock.measure { sum &+= run() }
      times.append(time)
      total += time
    }
    times.sort()
    // Never so: the sum is looked at, and the compiler cannot know it.
    if sum == .min { print("") }
    return [
      name, nanoseconds(times[times.count / 2]), nanoseconds(times[0]), element, "\(times.count)",
    ].joined(separator: "\t")
  }

  /// For one element.
  private func nanoseconds(_ time: Duration) -> String {
    let nanoseconds = time / Duration.nanoseconds(1) / Double(count)
    return "\((nanoseconds * 1000).rounded() / 1000)"
  }
}
