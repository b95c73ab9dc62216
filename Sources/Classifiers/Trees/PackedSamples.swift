import Datasets
import LinearAlgebra

/// All samples as short records of 64-bit words, from which trees are grown.
///
/// A split depends on the order of values alone. So every feature's values are replaced by their ranks
/// among the distinct values of that feature, compared as `Float`, as scikit-learn's trees do; the
/// values are looked up only when a threshold is written down. What a record holds of a feature is its
/// *cell*, rank · classes + class: the place where the sample counts in a table of classes by rank. The
/// cells of a record are packed into as few words as they fit in, none across two words, together
/// with room for a weight.
struct PackedSamples: Sendable {
  /// Where a number stands in a record.
  struct Field: Sendable {
    var word = 0
    var shift: UInt64 = 0
    /// The field's lowest `bitCount` bits, all one.
    var mask: UInt64 = 0
    var bitCount = 0
  }

  /// The most rows, and the most bootstrap draws, that there is room for.
  static let largestSampleCount = 1 << weightBits - 1
  static let largestClassCount = 1 << 12
  private static let weightBits = 26

  let sampleCount: Int
  let classCount: Int
  /// Each feature's distinct values, ascending.
  let values: [[Float]]
  /// Where each feature's cell stands in a record.
  let fields: [Field]
  /// Where a sample's weight stands in a record; zero in the records here.
  let weightField: Field
  /// How many words a record has.
  let recordSize: Int
  /// The records, one after the other.
  let words: [UInt64]

  var featureCount: Int { fields.count }

  init(_ dataset: Dataset, threads: Int) {
    let features = dataset.features
    let columns = Parallelism.map(features.columnCount, threads: threads) { column, _ in
      SortedColumn(features, column: column)
    }
    let sampleCount = dataset.sampleCount
    let classCount = dataset.classCount
    values = columns.map(\.values)
    let widths = values.map { Self.bitCount(upTo: $0.count * classCount - 1) }
    let (placed, recordSize) = Self.place(widths + [Self.weightBits])
    let fields = Array(placed.dropLast())
    self.sampleCount = sampleCount
    self.classCount = classCount
    self.fields = fields
    weightField = placed[fields.count]
    self.recordSize = recordSize

    words = [UInt64](unsafeUninitializedCapacity: sampleCount * recordSize) { buffer, count in
      buffer.initialize(repeating: 0)
      nonisolated(unsafe) let records = buffer.baseAddress!
      let blockSize = 4096
      let blockCount = (sampleCount + blockSize - 1) / blockSize
      Parallelism.forEach(blockCount, threads: threads) { block, _ in
        let samples = block * blockSize..<min(sampleCount, (block + 1) * blockSize)
        for (field, column) in zip(fields, columns) {
          column.ranks.withUnsafeBufferPointer { ranks in
            dataset.labels.withUnsafeBufferPointer { labels in
              for sample in samples {
                let cell = Int(ranks[sample]) &* classCount &+ labels[sample]
                records[sample &* recordSize &+ field.word] |=
                  UInt64(truncatingIfNeeded: cell) << field.shift
              }
            }
          }
        }
      }
      count = sampleCount * recordSize
    }
  }

  /// How many cells a table of this feature has.
  func cellCount(of feature: Int) -> Int { values[feature].count * classCount }

  /// The rank of a sample's value among the feature's values.
  func rank(ofSample sample: Int, feature: Int) -> Int {
    let field = fields[feature]
    return Int(words[sample * recordSize + field.word] >> field.shift & field.mask) / classCount
  }

  static func bitCount(upTo largest: Int) -> Int {
    max(1, Int.bitWidth - largest.leadingZeroBitCount)
  }

  /// Places fields of these widths: the widest first, each in the first word that has room.
  private static func place(_ widths: [Int]) -> (fields: [Field], wordCount: Int) {
    var fields = [Field](repeating: Field(), count: widths.count)
    var used: [Int] = []
    let order = widths.indices.sorted { (widths[$0], $1) > (widths[$1], $0) }
    for index in order {
      let width = widths[index]
      let word = used.firstIndex { $0 + width <= 64 } ?? used.count
      if word == used.count { used.append(0) }
      fields[index] = Field(
        word: word, shift: UInt64(used[word]), mask: UInt64(1) << UInt64(width) - 1,
        bitCount: width)
      used[word] += width
    }
    return (fields, used.count)
  }
}
