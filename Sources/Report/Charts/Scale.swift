import HTML
import Support

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A linear way from numbers to positions in a drawing.
struct Scale {
  /// The smallest and the largest number.
  let domain: ClosedRange<Double>
  /// Where those two stand; the first may be the larger one, as on a vertical axis.
  let range: (start: Double, end: Double)

  /// The position of a number; numbers outside the domain are drawn at its end.
  func position(_ value: Double) -> Double {
    let width = domain.upperBound - domain.lowerBound
    guard width > 0 else { return (range.start + range.end) / 2 }
    let share = min(max((value - domain.lowerBound) / width, 0), 1)
    return range.start + share * (range.end - range.start)
  }
}

/// Numbers to write along an axis: multiples of 1, 2 or 5 times a power of ten.
///
/// - SeeAlso: Heckbert, "Nice numbers for graph labels", Graphics Gems, 1990.
struct Ticks: Hashable, Sendable {
  let values: [Double]
  /// The distance of neighbours.
  let step: Double

  /// Ticks within a domain.
  ///
  /// - Parameter count: about how many are wanted; there are at most one and a half times as many.
  init(over domain: ClosedRange<Double>, count: Int) {
    let width = domain.upperBound - domain.lowerBound
    guard width > 0, width.isFinite, count > 0 else {
      values = [domain.lowerBound]
      step = 1
      return
    }
    let step = Self.niceStep(width / Double(count))
    guard step.isNormal, max(abs(domain.lowerBound), abs(domain.upperBound)) / step < 1e15 else {
      values = [domain.lowerBound]
      self.step = 1
      return
    }
    self.step = step
    let first = Int((domain.lowerBound / step - 1e-9).rounded(.up))
    let last = Int((domain.upperBound / step + 1e-9).rounded(.down))
    // Multiples are taken by division where the step is a fraction, so that 0.3 is 0.3.
    let inverse = (1 / step).rounded()
    values =
      first > last
      ? []
      : (first...last).map { number in
        step < 1 && abs(inverse * step - 1) < 1e-9
          ? Double(number) / inverse : Double(number) * step
      }
  }

  /// The smallest of 1, 2, 5 and 10 times a power of ten that is not below `width`, give or take
  /// what keeps the count near the one that was wanted.
  static func niceStep(_ width: Double) -> Double {
    let power = floor(log10(width) + 1e-9)
    let unit = pow(10, abs(power))
    let share = power < 0 ? width * unit : width / unit
    let factor: Double = share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10
    return power < 0 ? factor / unit : factor * unit
  }

  /// A domain that begins and ends at a tick and holds the numbers given.
  static func niceDomain(_ numbers: ClosedRange<Double>, count: Int) -> ClosedRange<Double> {
    let width = numbers.upperBound - numbers.lowerBound
    guard width > 0, width.isFinite else {
      let margin = max(abs(numbers.lowerBound) * 0.1, 1)
      return numbers.lowerBound - margin...numbers.upperBound + margin
    }
    let step = niceStep(width / Double(count))
    guard step.isNormal else { return numbers }
    let low = (numbers.lowerBound / step + 1e-9).rounded(.down) * step
    let high = (numbers.upperBound / step - 1e-9).rounded(.up) * step
    return low...max(high, low + step)
  }

  /// The ticks' texts, all with the digits that the step needs.
  var labels: [String] {
    let largest = values.map { abs($0) }.max() ?? 0
    if largest >= 1e7 || (largest > 0 && largest < 1e-3) {
      return values.map { NumberText.short($0, digits: 3) }
    }
    var digits = 0
    var scaled = step
    while digits < 8, abs(scaled - scaled.rounded()) > 1e-6 {
      scaled *= 10
      digits += 1
    }
    return values.map { NumberText.fixed($0, digits) }
  }
}
