import Datasets
import ModelFiles
import ONNX

extension FeatureColumn {
  /// Adds the input of the column to a graph, and what makes features of it.
  ///
  /// Numbers are an input of doubles, NaN for a missing one; names are an input of strings, an empty one for a missing one. What
  /// the model refuses ends the graph with an error of its runtime that names the column.
  ///
  /// - Parameter keepsMissing: whether a missing number stays NaN; else it becomes the median.
  /// - Returns: the scaled features: a row per sample, a column per feature.
  func features(
    in graph: inout ONNXGraph, unknownCategory: UnknownCategory, keepsMissing: Bool
  ) throws(ONNXError) -> ONNXValue {
    switch content {
    case .numbers(let distribution):
      let input = try graph.input(name, .double)
      return number(input, median: distribution.median, keepsMissing: keepsMissing, in: &graph)
    case .categories(let distribution):
      let input = try graph.input(name, .text)
      return category(input, distribution, unknownCategory, in: &graph)
    }
  }

  private func number(
    _ input: ONNXValue, median: Double?, keepsMissing: Bool, in graph: inout ONNXGraph
  ) -> ONNXValue {
    var value = input
    for number in missingWords.compactMap({ DecimalNumber.value(of: $0) }) {
      let isMissing = graph.node("Equal", value, graph.constant(number))
      value = graph.node("Where", isMissing, graph.constant(.nan), value)
    }
    // x − x is NaN for infinity, too.
    let isRefused =
      median == nil
      ? graph.node("IsNaN", graph.node("Sub", value, value)) : graph.node("IsInf", value)
    // There is a number at 0, which adds nothing, and none at 1.
    let nothing = graph.node(
      "Gather", graph.constant([-0.0]), graph.cast(isRefused, to: .integer),
      name: "column \"\(name)\" has a number" + (median == nil ? "" : " or a missing value"))
    value = graph.node("Add", value, nothing)
    if let median, !keepsMissing {
      value = graph.node("Where", graph.node("IsNaN", value), graph.constant(median), value)
    }
    let shifted = graph.node("Sub", value, graph.constant(scalings[0].mean))
    return graph.node("Div", shifted, graph.constant(scalings[0].deviation))
  }

  /// A category becomes its code, and the code its row of a table of scaled features.
  private func category(
    _ input: ONNXValue, _ distribution: CategoryDistribution, _ unknownCategory: UnknownCategory,
    in graph: inout ONNXGraph
  ) -> ONNXValue {
    var rows = distribution.shares.indices.map { scaledFeatures(ofCode: Double($0)) }
    let ignored = unknownCategory == .ignore && isOneHot ? rows.count : nil
    if ignored != nil { rows.append(scaledFeatures(ofCode: Self.ignoredCode)) }
    // No row has this number.
    let refused = rows.count
    let missing = distribution.hasMissing ? distribution.names.count : refused
    let unknown =
      switch unknownCategory {
      case .error: refused
      case .missing: missing
      case .ignore: ignored ?? refused
      }
    let missingNames = missingNames.filter { !distribution.names.containsBytes(of: $0) }
    let code = graph.node(
      "LabelEncoder", input, operators: .machineLearning,
      attributes: [
        "keys_strings": .texts(distribution.names + missingNames),
        "values_int64s": .integers(
          Array(distribution.names.indices) + missingNames.map { _ in missing }),
        "default_int64": .integer(unknown),
      ])
    let table = graph.constant(
      ONNXTensor(rows.flatMap(\.self), shape: [rows.count, scalings.count]))
    return graph.node(
      "Gather", table, graph.node("Squeeze", code, graph.constant([1])),
      name: "column \"\(name)\" has a category that the model knows")
  }

  /// What means a missing name: nothing, words that mean it in every column, and among numbers that are taken for names those
  /// that mean it among numbers.
  private var missingNames: [String] {
    let areNumbers = categories?.allSatisfy { DecimalNumber.value(of: $0) != nil } ?? true
    let all = [""] + missingWords + (areNumbers ? MissingWord.all : [])
    return all.enumerated().filter { !all[..<$0.offset].containsBytes(of: $0.element) }
      .map(\.element)
  }

  private func scaledFeatures(ofCode code: Double) -> [Double] {
    scalings.enumerated().map { category, scaling in
      let value = isOneHot ? (Double(category) == code ? 1 : 0) : code
      return (value - scaling.mean) / scaling.deviation
    }
  }
}
