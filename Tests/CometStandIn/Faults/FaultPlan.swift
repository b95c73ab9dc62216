/// The faults in force, and how often each was passed and used.
struct FaultPlan: Sendable {
  private struct Entry {
    let fault: Fault
    var passed = 0
    var used = 0
    var random: SplitMix
  }

  private var entries: [Entry]

  init(_ faults: [Fault]) {
    entries = faults.map { Entry(fault: $0, random: SplitMix(state: $0.seed)) }
  }

  var faults: [Fault] { entries.map(\.fault) }

  /// By how many seconds readers can be behind.
  var longestDelay: Double {
    faults.reduce(0) { longest, fault in
      if case .delayedVisibility(let seconds) = fault.effect {
        max(longest, seconds)
      } else {
        longest
      }
    }
  }

  /// What happens to a request, in the order of the faults. Of faults that exclude each other the
  /// first one hits, and the others do not count the request.
  mutating func effects(method: String, path: String) -> [Fault.Effect] {
    var effects: [Fault.Effect] = []
    var isTaken = false
    for index in entries.indices {
      let fault = entries[index].fault
      guard fault.matches(method: method, path: path), !(fault.isExclusive && isTaken) else {
        continue
      }
      if entries[index].passed < fault.after {
        entries[index].passed += 1
        continue
      }
      if let times = fault.times, entries[index].used >= times { continue }
      if fault.share < 1, entries[index].random.nextShare() >= fault.share { continue }
      entries[index].used += 1
      effects.append(fault.effect)
      isTaken = isTaken || fault.isExclusive
    }
    return effects
  }
}

/// A small seeded generator, so that a fault pattern can be repeated.
///
/// - SeeAlso: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014,
///   doi:10.1145/2714064.2660195.
private struct SplitMix: Sendable {
  var state: UInt64

  /// A number in [0, 1).
  mutating func nextShare() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return Double((word ^ word >> 31) >> 11) * 0x1p-53
  }
}
