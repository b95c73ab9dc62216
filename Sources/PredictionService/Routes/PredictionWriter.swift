import JSON

/// Writes predictions as JSON.
struct PredictionWriter {
  /// The bytes before the probabilities, for each predicted class.
  private let heads: [[UInt8]]
  /// The bytes before the probability of each class.
  private let names: [[UInt8]]
  /// The bytes after the probabilities.
  private let tail: [UInt8]
  private(set) var bytes: [UInt8] = []

  init(_ model: ServedModel) {
    func quoted(_ name: String) -> [UInt8] { JSONValue.string(name).bytes }
    heads = model.classNames.map { #"{"label":"#.utf8 + quoted($0) + #","probabilities":{"#.utf8 }
    names = model.classNames.enumerated().map { label, name in
      (label > 0 ? [UInt8(ascii: ",")] : []) + quoted(name) + [UInt8(ascii: ":")]
    }
    tail = #"},"model":"#.utf8 + model.shortJSON
  }

  /// Appends `{"label":…,"probabilities":{…},"model":{…}}`, with notices if there are any.
  ///
  /// - Parameter shares: the probability of each class.
  mutating func append(label: Int, shares: ArraySlice<Double>, notices: [FieldRemark]) {
    bytes += heads[label]
    for (name, share) in zip(names, shares) {
      bytes += name
      bytes += share.description.utf8
    }
    bytes += tail
    if !notices.isEmpty {
      bytes += #","notices":"#.utf8
      Problem.list(notices).write(to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  /// Appends the problems of a row.
  mutating func append(problems: [FieldRemark]) { Problem(problems).json.write(to: &bytes) }

  mutating func append(_ byte: UInt8) { bytes.append(byte) }
}
