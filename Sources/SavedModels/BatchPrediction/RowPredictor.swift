import Classifiers
import Datasets
import LinearAlgebra
import Support

/// Predicts the rows of blocks, and writes them with their predictions.
struct RowPredictor: Sendable {
  private let pipeline: SavedPipeline
  /// The positions of the model's columns in a row.
  private let positions: [Int]
  /// Whether each of the model's columns holds categories.
  private let isText: [Bool]
  /// The codes of the categories of each of the model's columns; none for columns of numbers.
  private let categories: [CategoryTable]
  /// Whether numbers may mean missing values.
  private let hasMissingWords: Bool
  private let columnCount: Int
  private let separator: UInt8
  private let lineEnd: [UInt8]
  private let decimalMark: DecimalMark
  /// The cell of each class, with a separator before it.
  private let classCells: [[UInt8]]

  /// The rows of a block with their predictions, and those without one with their lines and reasons.
  struct Output: Sendable {
    let bytes: [UInt8]
    let rowCount: Int
    let failures: [UInt8]
    let failureCount: Int
  }

  init(
    _ pipeline: SavedPipeline, positions: [Int], columnCount: Int, separator: UInt8,
    lineEnd: [UInt8], decimalMark: DecimalMark
  ) {
    self.pipeline = pipeline
    self.positions = positions
    self.columnCount = columnCount
    self.separator = separator
    self.lineEnd = lineEnd
    hasMissingWords = pipeline.columns.contains { !$0.missingWords.isEmpty }
    self.decimalMark = decimalMark
    isText = pipeline.columns.map { $0.categories != nil }
    categories = pipeline.columns.map { CategoryTable($0.categories ?? []) }
    classCells = pipeline.classNames.map { [separator] + CSVWriter.cell($0, separator: separator) }
  }

  /// The names of the added columns.
  var addedNames: [String] { ["predicted"] + pipeline.classNames.map { "probability_" + $0 } }

  /// The first line of the output.
  func header(_ header: [UInt8]) -> [UInt8] {
    addedNames.reduce(header) { $0 + [separator] + CSVWriter.cell($1, separator: separator) }
      + lineEnd
  }

  /// The names of the columns before a row that cannot be predicted.
  static let failureNames = ["line", "reason"]

  /// The first line of the rows that cannot be predicted.
  func failureHeader(_ header: [UInt8]) -> [UInt8] {
    Self.failureNames.reduce([]) { $0 + $1.utf8 + [separator] } + header + lineEnd
  }

  /// Each block's output, or the error of its first bad row; and the result of other work, which one of the
  /// threads does at the same time.
  ///
  /// - Parameter onError: whether rows that cannot be predicted are an error.
  func predict<Other>(
    _ blocks: [CSVBlock], onError: RowErrorPolicy, threads: Int, meanwhile: () -> Other
  ) -> ([Result<Output, CSVError>], Other) {
    // Each is used by one thread, and read when all have ended.
    nonisolated(unsafe) let meanwhile = meanwhile
    nonisolated(unsafe) var other: Other?
    let results = Parallelism.map(1 + blocks.count, threads: threads) {
      index, _ -> Result<Output, CSVError>? in
      if index == 0 {
        other = meanwhile()
        return nil
      }
      do throws(CSVError) {
        return .success(try predict(blocks[index - 1], onError))
      } catch {
        return .failure(error)
      }
    }
    guard let other else { preconditionFailure("the other work has ended") }
    return (results.compactMap(\.self), other)
  }

  private func predict(
    _ block: CSVBlock, _ onError: RowErrorPolicy
  ) throws(CSVError) -> Output {
    var rows: [Range<Int>] = []
    rows.reserveCapacity(block.rowLimit)
    let width = positions.count
    var failures: [UInt8] = []
    var failureCount = 0
    var failure: CSVError?
    let values = [Double](unsafeUninitializedCapacity: block.rowLimit * width) { values, count in
      do throws(CSVError) {
        try block.forEachRow { row, cells, line throws(CSVError) in
          do throws(CSVError) {
            try read(cells, line: line, into: values, at: count)
          } catch {
            guard onError == .skip else { throw error }
            failures += failed(block.bytes[row], error)
            failureCount += 1
            return
          }
          count &+= width
          rows.append(row)
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    let shares = pipeline.probabilities(
      for: Matrix(rowCount: rows.count, columnCount: width, elements: values), threads: 1)
    return Output(
      bytes: written(rows, of: block, shares), rowCount: rows.count, failures: failures,
      failureCount: failureCount)
  }

  /// Puts the values of a row into memory from a place on.
  @inline(__always)
  private func read(
    _ cells: UnsafeBufferPointer<CSVCell>, line: Int,
    into values: UnsafeMutableBufferPointer<Double>, at start: Int
  ) throws(CSVError) {
    guard cells.count == columnCount else {
      throw CSVError(
        line: line,
        problem: "expected \(columnCount) cells as in the header, found \(cells.count)")
    }
    for feature in 0..<positions.count {
      values[start &+ feature] = try value(
        of: cells[positions[feature]], feature: feature, line: line)
    }
  }

  /// A row that cannot be predicted, behind its line and the reason.
  private func failed(_ row: ArraySlice<UInt8>, _ error: CSVError) -> [UInt8] {
    Array("\(error.line)".utf8) + [separator]
      + CSVWriter.cell(error.problem, separator: separator) + [separator] + row + lineEnd
  }

  @inline(__always)
  private func value(
    of cell: CSVCell, feature: Int, line: Int
  ) throws(CSVError) -> Double {
    if isText[feature] {
      if let code = categories[feature].code(of: cell.bytes) { return Double(code) }
    } else if !hasMissingWords, let number = decimalMark.number(in: cell) {
      return number
    }
    // A missing value, a category with a doubled quote, or an error.
    do throws(CellError) {
      return try pipeline.columns[feature].value(
        of: cell.text, unknownCategory: pipeline.unknownCategory, decimalMark: decimalMark)
    } catch {
      throw CSVError(
        line: line,
        problem: "column \"\(pipeline.columns[feature].name)\": \(error.description)")
    }
  }

  private func written(_ rows: [Range<Int>], of block: CSVBlock, _ shares: Matrix) -> [UInt8] {
    let width = shares.columnCount
    let threshold = pipeline.description.threshold?.value
    let longestClass = classCells.map(\.count).max() ?? 0
    let added = longestClass + width * (1 + NumberTexts.longest) + lineEnd.count
    var numbers = NumberTexts()
    return [UInt8](unsafeUninitializedCapacity: block.bytes.count + rows.count * added) {
      output, count in
      var place = output.baseAddress!
      block.bytes.withUnsafeBufferPointer { source in
        shares.elements.withUnsafeBufferPointer { shares in
          for (index, row) in rows.enumerated() {
            let shares = shares.baseAddress! + index &* width
            var best = 0
            if let threshold {
              best = shares[1] >= threshold ? 1 : 0
            } else {
              for label in 1..<max(1, width) where shares[label] > shares[best] { best = label }
            }
            place.append(UnsafeBufferPointer(rebasing: source[row]))
            classCells[best].withUnsafeBufferPointer { place.append($0) }
            for label in 0..<width {
              place.pointee = separator
              place += 1
              numbers.append(shares[label], to: &place)
            }
            lineEnd.withUnsafeBufferPointer { place.append($0) }
          }
        }
      }
      count = place - output.baseAddress!
    }
  }
}
