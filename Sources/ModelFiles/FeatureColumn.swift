import Datasets
import JSON
import LinearAlgebra

/// A feature as it stands in a table, and how it becomes a number of the model.
public struct FeatureColumn: Hashable, Sendable {
  public let name: String
  public let content: Content
  /// The number, or the category's code, is shifted by the mean and divided by the deviation.
  public let mean: Double
  public let deviation: Double

  /// What a column holds, with its distribution among the training rows.
  public enum Content: Hashable, Sendable {
    case numbers(NumberDistribution)
    case categories(CategoryDistribution)
  }

  /// - Precondition: both are finite, and the deviation is above 0.
  public init(name: String, content: Content, mean: Double, deviation: Double) {
    self.name = name
    self.content = content
    self.mean = mean
    self.deviation = deviation
  }

  /// The categories in the order of their codes, `nil` for numbers.
  public var categories: [String]? {
    if case .categories(let distribution) = content { distribution.names } else { nil }
  }

  /// The bin of the training distribution that a value falls into: a bin of numbers, or a category.
  ///
  /// - Parameter value: a number, or a category's code.
  public func bin(of value: Double) -> Int {
    switch content {
    case .numbers(let distribution): distribution.bin(of: value)
    case .categories: Int(value)
    }
  }

  /// The share of the training rows in each bin, in the order of ``bin(of:)``.
  public var trainingShares: [Double] {
    switch content {
    case .numbers(let distribution): distribution.binShares
    case .categories(let distribution): distribution.shares
    }
  }

  /// The number or the code that a cell of a table means, not yet scaled.
  public func value(of cell: String) throws(CellError) -> Double {
    if cell.isEmpty { throw .empty }
    if case .categories(let distribution) = content {
      guard let code = distribution.code(of: cell) else {
        throw .unknownCategory(cell, known: distribution.names)
      }
      return Double(code)
    }
    guard let number = DecimalNumber.value(of: cell) else { throw .notANumber(cell) }
    return number
  }
}

/// Why a cell has no value.
public enum CellError: Error, Hashable, CustomStringConvertible {
  case empty
  case notANumber(String)
  case unknownCategory(String, known: [String])

  /// What was expected and what was found.
  public var description: String {
    switch self {
    case .empty: "expected a value, found nothing"
    case .notANumber(let cell):
      if DecimalNumber.value(of: cell.replacing(",", with: ".")) != nil, cell.contains(",") {
        "expected a number with a point, found \(JSONReader.quoted(cell))"
      } else {
        "expected a number, found \(JSONReader.quoted(cell))"
      }
    case .unknownCategory(let cell, let known):
      "expected one of \(known.prefix(20).joined(separator: ", "))\(known.count > 20 ? ", …" : ""), "
        + "found \(JSONReader.quoted(cell))"
    }
  }
}

/// How the numbers of a column are spread over the training rows.
public struct NumberDistribution: Hashable, Sendable {
  public let minimum: Double
  public let maximum: Double
  /// The different deciles below the maximum, ascending: bin `i` ends with edge `i`, which belongs to
  /// it, and the last bin has no end.
  public let binEdges: [Double]
  /// The share of the training rows in each bin, one more than there are edges.
  public let binShares: [Double]

  /// The distribution of at least one number.
  public init(_ numbers: [Double]) {
    let sorted = numbers.ascending
    minimum = sorted[0]
    maximum = sorted[sorted.count - 1]
    var edges: [Double] = []
    var shares: [Double] = []
    var counted = 0
    for tenth in 1...9 {
      // The smallest number that at least so many tenths of the rows do not exceed.
      let edge = sorted[max(0, (sorted.count * tenth + 9) / 10 - 1)]
      guard edge < maximum, edges.last.map({ edge > $0 }) ?? true else { continue }
      var end = (sorted.count * tenth + 9) / 10
      while sorted[end] <= edge { end += 1 }
      edges.append(edge)
      shares.append(Double(end - counted) / Double(sorted.count))
      counted = end
    }
    shares.append(Double(sorted.count - counted) / Double(sorted.count))
    binEdges = edges
    binShares = shares
  }

  init(minimum: Double, maximum: Double, binEdges: [Double], binShares: [Double]) {
    self.minimum = minimum
    self.maximum = maximum
    self.binEdges = binEdges
    self.binShares = binShares
  }

  /// The bin that a number falls into.
  public func bin(of number: Double) -> Int {
    binEdges.firstIndex { number <= $0 } ?? binEdges.count
  }
}

/// How the categories of a column are spread over the training rows.
public struct CategoryDistribution: Hashable, Sendable {
  /// The categories in the order of their codes.
  public let names: [String]
  /// The share of the training rows that have each.
  public let shares: [Double]

  /// - Precondition: one share per name.
  public init(names: [String], shares: [Double]) {
    self.names = names
    self.shares = shares
  }

  /// The distribution of codes below the number of names.
  init(names: [String], codes: some Collection<Int>) {
    var counts = [Int](repeating: 0, count: names.count)
    for code in codes { counts[code] += 1 }
    self.init(names: names, shares: counts.map { Double($0) / Double(max(1, codes.count)) })
  }

  /// The code of a category.
  public func code(of name: String) -> Int? {
    names.firstIndex { $0.unicodeScalars.elementsEqual(name.unicodeScalars) }
  }
}
