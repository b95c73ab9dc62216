import Classifiers
import Datasets
import LinearAlgebra
import SavedModels

/// Predicts the rows of blocks, and writes them with their predictions.
struct RowPredictor: Sendable {
  private let pipeline: SavedPipeline
  /// Where the model's columns stand in a row.
  private let positions: [Int]
  /// The codes of the categories of each of the model's columns; `nil` for columns of numbers.
  private let categories: [CategoryTable?]
  private let columnCount: Int
  private let separator: UInt8
  private let lineEnd: [UInt8]
  /// What is written for each class, with a separator before it.
  private let classCells: [[UInt8]]

  /// The rows of a block with their predictions.
  struct Output: Sendable {
    let bytes: [UInt8]
    let lineCount: Int
    let rowCount: Int
  }

  init(
    _ pipeline: SavedPipeline, positions: [Int], columnCount: Int, separator: UInt8,
    lineEnd: [UInt8]
  ) {
    self.pipeline = pipeline
    self.positions = positions
    self.columnCount = columnCount
    self.separator = separator
    self.lineEnd = lineEnd
    categories = pipeline.columns.map { $0.categories.map(CategoryTable.init) }
    classCells = pipeline.classNames.map { [separator] + Self.cell($0, separator) }
  }

  /// The names of the columns that are added.
  var addedNames: [String] { ["predicted"] + pipeline.classNames.map { "probability_" + $0 } }

  /// The first line of the output.
  func header(_ header: [UInt8]) -> [UInt8] {
    addedNames.reduce(header) { $0 + [separator] + Self.cell($1, separator) } + lineEnd
  }

  /// The blocks' outputs, or for each the error of its first bad row.
  func predict(
    _ blocks: [CSVBlock], threads: Int
  ) -> [Result<Output, CSVBlock.RowError>] {
    Parallelism.map(blocks.count, threads: threads) { index, _ in
      do throws(CSVBlock.RowError) {
        return .success(try predict(blocks[index]))
      } catch {
        return .failure(error)
      }
    }
  }

  private func predict(_ block: CSVBlock) throws(CSVBlock.RowError) -> Output {
    var rows: [Range<Int>] = []
    var values: [Double] = []
    // Rows of fewer bytes than this are rare.
    rows.reserveCapacity(block.count / 32)
    values.reserveCapacity(block.count / 32 * positions.count)
    let lineCount = try block.forEachRow { row, cells, line throws(CSVBlock.RowError) in
      guard cells.count == columnCount else {
        throw CSVBlock.RowError(
          line: line,
          problem: "expected \(columnCount) cells as in the header, found \(cells.count)")
      }
      for feature in positions.indices {
        values.append(try value(of: cells[positions[feature]], feature: feature, line: line))
      }
      rows.append(row)
    }
    let shares = pipeline.probabilities(
      for: Matrix(rowCount: rows.count, columnCount: positions.count, elements: values),
      threads: 1)
    return Output(
      bytes: written(rows, of: block, shares), lineCount: lineCount, rowCount: rows.count)
  }

  @inline(__always)
  private func value(
    of cell: CSVCell, feature: Int, line: Int
  ) throws(CSVBlock.RowError) -> Double {
    if let table = categories[feature] {
      if let code = table.code(of: cell.bytes) { return Double(code) }
    } else if let number = cell.number {
      return number
    }
    // A doubled quote in a category, or an error.
    do throws(CellError) {
      return try pipeline.columns[feature].value(of: cell.text)
    } catch {
      throw CSVBlock.RowError(
        line: line,
        problem: "column \"\(pipeline.columns[feature].name)\": \(error.description)")
    }
  }

  private func written(_ rows: [Range<Int>], of block: CSVBlock, _ shares: Matrix) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(block.count + rows.count * (16 + 21 * shares.columnCount))
    var numbers = NumberTexts()
    let width = shares.columnCount
    shares.elements.withUnsafeBufferPointer { shares in
      for (index, row) in rows.enumerated() {
        let shares = UnsafeBufferPointer(rebasing: shares[index * width..<(index + 1) * width])
        var best = 0
        for label in 1..<max(1, width) where shares[label] > shares[best] { best = label }
        bytes.append(contentsOf: block.bytes[row])
        bytes.append(contentsOf: classCells[best])
        for share in shares {
          bytes.append(separator)
          numbers.append(share, to: &bytes)
        }
        bytes.append(contentsOf: lineEnd)
      }
    }
    return bytes
  }

  /// A name as a cell, in quotes where it needs them.
  private static func cell(_ name: String, _ separator: UInt8) -> [UInt8] {
    let special = [separator, UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r")]
    let isPadded = name.hasPrefix(" ") || name.hasSuffix(" ") || name.isEmpty
    guard isPadded || name.utf8.contains(where: special.contains) else { return Array(name.utf8) }
    return Array(("\"" + name.replacing("\"", with: "\"\"") + "\"").utf8)
  }
}

/// The codes of categories by their bytes.
private struct CategoryTable: Sendable {
  private let names: [[UInt8]]
  /// Places by hash, each with a code or −1; less than half full.
  private var places: [Int32]

  init(_ names: [String]) {
    self.names = names.map { Array($0.utf8) }
    var size = 16
    while size < names.count * 4 { size *= 2 }
    places = [Int32](repeating: -1, count: size)
    for (code, name) in self.names.enumerated() {
      var place = name.withUnsafeBufferPointer { Self.hash($0) } & (size - 1)
      while places[place] >= 0 { place = (place + 1) & (size - 1) }
      places[place] = Int32(code)
    }
  }

  func code(of bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var place = Self.hash(bytes) & (places.count - 1)
    while places[place] >= 0 {
      let code = Int(places[place])
      if names[code].elementsEqual(bytes) { return code }
      place = (place + 1) & (places.count - 1)
    }
    return nil
  }

  /// FNV-1a with its high bits stirred in.
  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var state: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return Int(truncatingIfNeeded: state ^ state >> 32)
  }
}

/// Writes numbers in their shortest form that reads back to the same bits.
///
/// The probabilities of a tree are few different numbers, so the last ones' texts are kept.
private struct NumberTexts {
  private var keys = [UInt64](repeating: .max, count: 256)
  private var texts = [[UInt8]](repeating: [], count: 256)

  mutating func append(_ number: Double, to bytes: inout [UInt8]) {
    let bits = number.bitPattern
    let place = Int(truncatingIfNeeded: (bits &* 0x9e37_79b9_7f4a_7c15) >> 56)
    if keys[place] != bits {
      keys[place] = bits
      texts[place] = Array("\(number)".utf8)
    }
    bytes.append(contentsOf: texts[place])
  }
}
