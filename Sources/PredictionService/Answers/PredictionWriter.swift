import JSON
import SavedModels

/// Writes predictions as JSON.
struct PredictionWriter {
  private let model: ServedModel
  private(set) var bytes: [UInt8] = []

  init(_ model: ServedModel) { self.model = model }

  /// Appends `{"label":…,"probabilities":{…},"model":{…}}`, with notices where there are some.
  mutating func append(_ prediction: SavedPipeline.Prediction, notices: [FieldRemark]) {
    bytes += #"{"label":"#.utf8
    JSONValue.write(prediction.className, to: &bytes)
    bytes += #","probabilities":{"#.utf8
    for (label, probability) in prediction.probabilities.enumerated() {
      if label > 0 { bytes.append(UInt8(ascii: ",")) }
      JSONValue.write(model.classNames[label], to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      bytes += probability.description.utf8
    }
    bytes += #"},"model":"#.utf8
    bytes += model.shortJSON
    if !notices.isEmpty {
      bytes += #","notices":"#.utf8
      Problem.list(notices).write(to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  /// Appends what is wrong with a row.
  mutating func append(problems: [FieldRemark]) { Problem(problems).json.write(to: &bytes) }

  mutating func append(_ byte: UInt8) { bytes.append(byte) }
}
