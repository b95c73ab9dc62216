/// The distinct thresholds of one feature in ascending order. The code of a value is the number of thresholds that it
/// exceeds.
///
/// The range is divided into equally wide buckets. Within one, the place is found by halving, as often for each value as
/// the fullest bucket needs, so that there is no branch that the processor could predict wrongly.
struct ThresholdCodes<Value: CodedValue>: Sendable {
  /// How many thresholds there are.
  let count: Int
  /// The thresholds, and infinity as often as halving may look beyond them. The largest finite number, which only separates
  /// missing values, is infinity, too.
  private let thresholds: [Value]
  /// The first threshold of each bucket.
  private let starts: [UInt16]
  private let lowest: Value
  private let missingCode: UInt16
  private let bucketsPerUnit: Value
  /// The first step of halving jumps over 2 to the power of this many thresholds.
  private let firstJump: Int

  /// - Parameters:
  ///   - thresholds: ascending and finite; fewer than 2¹⁶.
  ///   - missingCode: the code of NaN.
  init(_ thresholds: [Value], missingCode: Int = 0) {
    count = thresholds.count
    self.missingCode = UInt16(missingCode)
    let compared =
      thresholds.last == .greatestFiniteMagnitude ? thresholds.dropLast() : thresholds[...]
    lowest = compared.first ?? 0
    var bucketCount = 1
    while bucketCount < 2 * thresholds.count { bucketCount *= 2 }
    let width = (compared.last ?? 0) - lowest
    let bucketsPerUnit = width > 0 ? Value(bucketCount - 1) / width : 0
    // Of a range that is too wide or too narrow for that, all is one bucket.
    self.bucketsPerUnit = width.isFinite && bucketsPerUnit.isFinite ? bucketsPerUnit : 0
    var starts = [UInt16](repeating: UInt16(compared.count), count: bucketCount)
    for (number, threshold) in compared.enumerated().reversed() {
      starts[Self.bucket(of: threshold, lowest, self.bucketsPerUnit, bucketCount)] = UInt16(number)
    }
    for bucket in starts.indices.dropLast().reversed() {
      starts[bucket] = min(starts[bucket], starts[bucket + 1])
    }
    self.starts = starts
    let ends = starts.dropFirst() + [UInt16(compared.count)]
    let fullest = zip(starts, ends).reduce(0) { max($0, Int($1.1 - $1.0)) }
    var jump = 0
    while 2 << jump <= fullest { jump += 1 }
    firstJump = jump
    self.thresholds = Array(compared) + repeatElement(.infinity, count: 2 << jump)
  }

  /// Rounding keeps the order: thresholds in earlier buckets are smaller than a value, those in later ones larger.
  @inline(__always)
  private static func bucket(
    of value: Value, _ lowest: Value, _ bucketsPerUnit: Value, _ count: Int
  ) -> Int {
    let place = (value - lowest) * bucketsPerUnit
    // Also where it is NaN.
    let bounded = place > 0 ? place : 0
    let last = Value(count &- 1)
    return (bounded < last ? bounded : last).nearestWhole
  }

  /// Calls `body` with a function that returns the code of a value.
  @inline(__always)
  func withCodes(_ body: ((Value) -> UInt16) -> Void) {
    thresholds.withUnsafeBufferPointer { thresholds in
      starts.withUnsafeBufferPointer { starts in
        let thresholds = thresholds.baseAddress!
        let first = starts.baseAddress!
        body { value in
          if value.isNaN { return missingCode }
          let bucket = Self.bucket(of: value, lowest, bucketsPerUnit, starts.count)
          var code = Int(first[bucket])
          var jump = firstJump
          while jump >= 0 {
            let isHigher = thresholds[code &+ 1 &<< jump &- 1] < value
            // The compiler would make a branch of a choice between jumping and not.
            code &+= (isHigher ? 1 : 0) &<< jump
            jump &-= 1
          }
          return UInt16(truncatingIfNeeded: code)
        }
      }
    }
  }
}

/// A type of values that have codes.
protocol CodedValue: BinaryFloatingPoint, Sendable {
  /// This number, between 0 and 2²², rounded to a whole one. The standard library's conversion is slow in generic code.
  var nearestWhole: Int { get }
}

// From 2²³ on, or 2⁵², the last bit is worth 1, so that adding that rounds to a whole number, which is then in the lowest
// bits.

extension Float: CodedValue {
  var nearestWhole: Int { Int((self + 0x1p23).bitPattern & 0x7f_ffff) }
}

extension Double: CodedValue {
  var nearestWhole: Int { Int((self + 0x1p52).bitPattern & 0xffff_ffff) }
}
