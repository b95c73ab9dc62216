import Datasets
import Evaluation

/// What a kind of mistake costs, as an option names it: `Silver>Gold=5`, the actual class, the
/// predicted one, and a number.
public struct MistakeCost: Hashable, Sendable {
  /// The actual and the predicted class, such as `Silver>Gold`.
  public let mistake: String
  /// Above 0.
  public let cost: Double

  public init(parsing text: String) throws(RequestError) {
    guard let equals = text.lastIndex(of: "="), text[..<equals].contains(">"),
      let cost = Double(String(text[text.index(after: equals)...])), cost > 0, cost.isFinite
    else {
      throw RequestError(
        .badRequest,
        "--cost must be \"ACTUAL>PREDICTED=COST\", quoted, with a cost above 0, such as "
          + "\"Silver>Gold=5\", was \"\(text)\".")
    }
    mistake = String(text[..<equals])
    self.cost = cost
  }

  /// As it is typed.
  public var text: String {
    let whole = Int(exactly: cost)
    return "\(mistake)=" + (whole.map { "\($0)" } ?? "\(cost)")
  }
}

/// Written as its text.
extension MistakeCost: Codable {
  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

extension RunRequest {
  /// Sets what mistakes cost, as a command line names it; none stay as they are.
  public mutating func choose(costs texts: [String]) throws(RequestError) {
    guard !texts.isEmpty else { return }
    let costs = try texts.map { text throws(RequestError) in try MistakeCost(parsing: text) }
    guard Set(costs.map(\.mistake)).count == costs.count else {
      throw RequestError(.badRequest, "--cost must name each mistake once.")
    }
    self.costs = costs
  }

  /// What mistakes cost between a table's classes; `nil` where that was not asked for.
  ///
  /// - Throws: ``DatasetError`` where there are not two classes, or others than the costs name.
  func mistakeCosts(
    of classNames: [String], fileName: String
  ) throws(DatasetError) -> MistakeCosts? {
    guard let costs else {
      guard sortBy != .cost else {
        throw DatasetError(
          .badRequest, "--sort-by cost needs --cost, which says what mistakes cost")
      }
      return nil
    }
    guard time == nil else {
      throw DatasetError(
        .badRequest,
        "--cost chooses thresholds by folds that have no order of time; leave it or --time out")
    }
    guard classNames.count == 2 else {
      throw DatasetError(
        .badRequest,
        "--cost needs two classes, \(fileName) has \(classNames.count) in column "
          + "\"\(target.column)\"; join them with --classes, or leave --cost out")
    }
    let known = ["\(classNames[0])>\(classNames[1])", "\(classNames[1])>\(classNames[0])"]
    if let other = costs.first(where: { !known.containsBytes(of: $0.mistake) }) {
      throw DatasetError(
        .badRequest,
        "--cost \(other.text): the mistakes between the two classes are \"\(known[0])\" and "
          + "\"\(known[1])\"")
    }
    return MistakeCosts(costs, classNames: classNames)
  }
}

extension MistakeCosts {
  /// A mistake that is not named costs 1.
  init(_ costs: [MistakeCost], classNames: [String]) {
    self.init(
      classNames.map { actual in
        classNames.map { predicted in
          let named = costs.first { $0.mistake.hasBytes(of: "\(actual)>\(predicted)") }
          return actual.hasBytes(of: predicted) ? 0 : named?.cost ?? 1
        }
      })
  }
}
