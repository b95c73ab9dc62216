import Support

/// A feature's column in a table, and how its cells become numbers of the model.
public struct FeatureColumn: Hashable, Sendable {
  public let name: String
  public let content: Content
  /// How each of the column's features is scaled: one, or one for each category where it is encoded one-hot.
  public let scalings: [Scaling]
  /// Whether each category is a feature of its own, and missing values one behind them: 1 where a row has it, else 0.
  public let isOneHot: Bool
  /// Words that mean a missing value in every column, besides blanks.
  public let missingWords: [String]

  /// The kind of a column's cells, with their distribution in the training rows.
  public enum Content: Hashable, Sendable {
    case numbers(NumberDistribution)
    case categories(CategoryDistribution)

    /// The share of the training rows in each bin of numbers, or with each category.
    var shares: [Double] {
      switch self {
      case .numbers(let distribution): distribution.binShares
      case .categories(let distribution): distribution.shares
      }
    }
  }

  /// A feature's number, or the category's code, is shifted by the mean and divided by the deviation.
  public struct Scaling: Hashable, Sendable {
    public let mean: Double
    public let deviation: Double

    /// - Precondition: both are finite, and the deviation is above 0.
    public init(mean: Double, deviation: Double) {
      self.mean = mean
      self.deviation = deviation
    }
  }

  /// - Precondition: there is one scaling; of one-hot categories there is one for each share.
  public init(
    name: String, content: Content, scalings: [Scaling], isOneHot: Bool = false,
    missingWords: [String] = []
  ) {
    precondition(scalings.count == (isOneHot ? content.shares.count : 1), "one per feature")
    self.name = name
    self.content = content
    self.scalings = scalings
    self.isOneHot = isOneHot
    self.missingWords = missingWords
  }

  /// The code of a category that is ignored: it is 0 in all features of the column.
  public static let ignoredCode = -1.0

  /// The names of the column's features, `color=D` for each category where it is encoded one-hot.
  public var featureNames: [String] {
    guard isOneHot, case .categories(let distribution) = content else { return [name] }
    return OneHotFeature.names(
      of: name, distribution.names, hasMissing: distribution.hasMissing)
  }

  /// The categories in the order of their codes, `nil` for numbers.
  public var categories: [String]? {
    if case .categories(let distribution) = content { distribution.names } else { nil }
  }

  /// What stands for a missing value before scaling: the median of numbers, or the code behind the last category;
  /// `nil` where the training data lacks no value.
  public var substitute: Double? {
    switch content {
    case .numbers(let distribution): distribution.median
    case .categories(let distribution):
      distribution.hasMissing ? Double(distribution.names.count) : nil
    }
  }

  /// The bin of the training distribution that a value falls into: a bin of numbers, or a category.
  ///
  /// - Parameter value: a number, NaN for a missing one, or a category's code.
  public func bin(of value: Double) -> Int {
    switch content {
    case .numbers(let distribution):
      distribution.bin(of: value.isNaN ? distribution.median ?? value : value)
    case .categories: Int(value)
    }
  }

  /// The share of the training rows in each bin, in the order of ``bin(of:)``.
  public var trainingShares: [Double] { content.shares }
}

/// The distribution of a column's numbers in the training rows.
public struct NumberDistribution: Hashable, Sendable {
  public let minimum: Double
  public let maximum: Double
  /// The different deciles below the maximum, ascending: bin `i` ends with edge `i`, which belongs to
  /// it, and the last bin has no end.
  public let binEdges: [Double]
  /// The share of the training rows in each bin, one more than there are edges; missing numbers count as the median.
  public let binShares: [Double]
  /// What stands for a missing number; `nil` where the training data lacks none.
  public let median: Double?

  /// - Precondition: edges ascend, and there is one share more than edges.
  package init(
    minimum: Double, maximum: Double, binEdges: [Double], binShares: [Double],
    median: Double? = nil
  ) {
    self.minimum = minimum
    self.maximum = maximum
    self.binEdges = binEdges
    self.binShares = binShares
    self.median = median
  }

  /// The bin that a number falls into.
  public func bin(of number: Double) -> Int {
    binEdges.firstIndex { number <= $0 } ?? binEdges.count
  }
}

/// The distribution of a column's categories in the training rows.
public struct CategoryDistribution: Hashable, Sendable {
  /// The categories in the order of their codes.
  public let names: [String]
  /// The share of the training rows with each category; the last is that of missing values, if there are any.
  public let shares: [Double]
  /// Whether the code behind the last category stands for missing values.
  public let hasMissing: Bool

  /// What missing values are called where people read it.
  public static let missingName = OneHotFeature.missingName

  /// - Precondition: one share per name, and one for missing values.
  public init(names: [String], shares: [Double], hasMissing: Bool = false) {
    self.names = names
    self.shares = shares
    self.hasMissing = hasMissing
  }

  /// A name for every share.
  public var shownNames: [String] { hasMissing ? names + [Self.missingName] : names }

  /// The code of a category.
  public func code(of name: String) -> Int? {
    names.firstIndex { $0.unicodeScalars.elementsEqual(name.unicodeScalars) }
  }
}
