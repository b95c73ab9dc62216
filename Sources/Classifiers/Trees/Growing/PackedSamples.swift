import Datasets
import LinearAlgebra

/// All samples as short records of bytes, for growing trees.
///
/// A split depends on the order of values alone. So every feature's values are replaced by their ranks among the
/// distinct values of the feature, compared as `Float` as in scikit-learn's trees; the values are looked up only
/// for thresholds. A record has a feature's *cell*, rank · classes + class: the index of the sample's count in a table
/// of classes by rank. A cell takes as many bytes as the feature needs, low byte first, and is read by one load and
/// one mask. Samples that lack the feature have the rank after those of all values. A record also has room for a weight, and is padded to a multiple of eight bytes.
final class PackedSamples: @unchecked Sendable {  // Nothing changes after `init`.
  /// The position of a number in a record.
  struct Field: BitwiseCopyable {
    /// The number of bytes before it.
    var offset: Int
    /// From one to four.
    var byteCount: Int
    /// All ones, as many bytes as the number takes.
    var mask: UInt32 { UInt32.max &>> UInt32(truncatingIfNeeded: 32 &- 8 &* byteCount) }
  }

  /// A feature's values, and the position of its cells in the records.
  struct Feature: BitwiseCopyable {
    /// The distinct values, ascending; infinity if a sample lacks the feature.
    let values: UnsafeBufferPointer<Float>
    let cells: Field
    /// The number of cells of a table.
    let cellCount: Int
    /// The rank of samples that lack the feature; `nil` if all have it.
    let missingRank: Int?
  }

  /// The most rows, and the most bootstrap draws.
  static let largestSampleCount = RandomForest.largestDrawCount
  static let largestClassCount = 1 << 12
  /// A field is read as four bytes, of which up to three may be after the last record.
  static let readBeyond = 3

  let sampleCount: Int
  let featureCount: Int
  let classCount: Int
  /// Whether trees say where samples without a feature go.
  let routesMissing: Bool
  let features: Buffer<Feature>
  /// The position of a sample's weight in a record; the weights here are zero.
  let weightField: Field
  /// How many bytes a record takes.
  let recordSize: Int
  /// The records, one after the other.
  let records: Buffer<UInt8>
  /// Every feature's values, one feature after the other.
  private let values: Buffer<Float>

  /// - Parameter largestWeight: the largest weight of a sample.
  /// - Throws: `FitError` if a feature's table would have more than 2³² cells.
  init(_ dataset: Dataset, largestWeight: Int, threads: Int) throws(FitError) {
    let columns = Parallelism.map(dataset.featureCount, threads: threads) { column, _ in
      RankedColumn(dataset.features, column: column)
    }
    let classCount = dataset.classCount
    if let wide = columns.firstIndex(where: { $0.values.count > Int(UInt32.max) / classCount }) {
      throw FitError(
        "feature \"\(dataset.featureNames[wide])\" has \(columns[wide].values.count) values, too "
          + "many for \(classCount) classes")
    }
    let cellCounts = columns.map { $0.values.count * classCount }
    let (fields, recordSize) = Self.place(largest: cellCounts.map { $0 - 1 } + [largestWeight])
    sampleCount = dataset.sampleCount
    featureCount = columns.count
    self.classCount = classCount
    self.recordSize = recordSize
    weightField = fields[columns.count]
    var features: [Feature] = []
    values = Buffer(count: columns.reduce(0) { $0 + $1.values.count }) { start in
      var next = start
      for (index, column) in columns.enumerated() {
        let own = UnsafeMutableBufferPointer(start: next, count: column.values.count)
        _ = own.initialize(from: column.values)
        next += own.count
        features.append(
          Feature(
            values: UnsafeBufferPointer(own), cells: fields[index], cellCount: cellCounts[index],
            missingRank: own.last == .infinity ? own.count - 1 : nil))
      }
    }
    routesMissing = dataset.expectsMissing || features.contains { $0.missingRank != nil }
    self.features = Buffer(features)
    records = Self.records(
      columns, dataset.labels, classCount, fields, recordSize, threads: threads)
    assertInvariants()
  }

  /// The positions of fields for numbers up to these: the widest first, without gaps.
  private static func place(largest: [Int]) -> (fields: [Field], recordSize: Int) {
    let widths = largest.map { (bitCount(upTo: $0) + 7) / 8 }
    var fields = [Field](repeating: Field(offset: 0, byteCount: 0), count: widths.count)
    var end = 0
    for index in widths.indices.sorted(by: { (widths[$0], $1) > (widths[$1], $0) }) {
      fields[index] = Field(offset: end, byteCount: widths[index])
      end += widths[index]
    }
    return (fields, (end + 7) / 8 * 8)
  }

  static func bitCount(upTo largest: Int) -> Int {
    max(1, Int.bitWidth - largest.leadingZeroBitCount)
  }

  private static func records(
    _ columns: [RankedColumn], _ labels: [Int], _ classCount: Int, _ fields: [Field],
    _ recordSize: Int, threads: Int
  ) -> Buffer<UInt8> {
    let sampleCount = labels.count
    let buffer = Buffer<UInt8>(repeating: 0, count: sampleCount * recordSize + readBeyond)
    nonisolated(unsafe) let records = buffer.start
    let blockSize = 4096
    let blockCount = (sampleCount + blockSize - 1) / blockSize
    Parallelism.forEach(blockCount, threads: threads) { block, _ in
      for (field, column) in zip(fields, columns) {
        column.ranks.withUnsafeBufferPointer { ranks in
          labels.withUnsafeBufferPointer { labels in
            for sample in block * blockSize..<min(sampleCount, (block + 1) * blockSize) {
              // Only the field's own bytes are written: the next record may be another thread's.
              let cell = Int(ranks[sample]) &* classCount &+ labels[sample]
              let place = records + (sample &* recordSize &+ field.offset)
              for byte in 0..<field.byteCount {
                place[byte] = UInt8(truncatingIfNeeded: cell &>> (8 &* byte))
              }
            }
          }
        }
      }
    }
    return buffer
  }

  /// Every feature's values ascend, and every cell belongs to one of them.
  func assertInvariants() {
    #if DEBUG
      for number in 0..<featureCount {
        let feature = features.start[number]
        let ascend = zip(feature.values, feature.values.dropFirst()).allSatisfy { $0 < $1 }
        precondition(ascend, "the values of feature \(number) do not ascend")
        let cells = RecordColumn(records.start, recordSize: recordSize, field: feature.cells)
        for sample in 0..<sampleCount {
          precondition(cells[sample] < feature.cellCount, "feature \(number), sample \(sample)")
        }
      }
    #endif
  }

  /// The rank of a sample's value among the feature's values.
  func rank(ofSample sample: Int, feature: Int) -> Int {
    RecordColumn(
      records.start, recordSize: recordSize, field: features.start[feature].cells)[sample]
      / classCount
  }
}

/// One field of many records, for reading.
struct RecordColumn {
  let start: UnsafeRawPointer
  let recordSize: Int
  /// How many bytes of a record the number takes.
  let byteCount: Int
  private let mask: UInt32

  @inline(__always)
  init(_ records: UnsafeRawPointer, recordSize: Int, field: PackedSamples.Field) {
    start = records + field.offset
    self.recordSize = recordSize
    byteCount = field.byteCount
    mask = field.mask
  }

  @inline(__always)
  subscript(record: Int) -> Int {
    Int(
      truncatingIfNeeded: UInt32(
        littleEndian: (start + record &* recordSize).loadUnaligned(as: UInt32.self)) & mask)
  }
}
