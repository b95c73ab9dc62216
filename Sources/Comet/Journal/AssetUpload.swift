public import JSON

/// How a file is to appear in Comet.
public struct AssetUpload: Hashable, Sendable {
  public var fileName: String
  /// `asset`, `confusion-matrix`, `curve`, `model-element`, …; `nil` for `asset`.
  public var type: String?
  /// Without a dot.
  public var fileExtension: String?
  public var context: String?
  public var step: Int?
  public var epoch: Int?
  /// The name of the model that a `model-element` belongs to.
  public var modelName: String?
  /// Whether it replaces an asset of the same name, so that sending it twice leaves one.
  public var overwrite: Bool
  public var metadata: JSONValue?

  public init(
    _ fileName: String, type: String? = nil, fileExtension: String? = nil,
    context: String? = nil, step: Int? = nil, epoch: Int? = nil, modelName: String? = nil,
    overwrite: Bool = true, metadata: JSONValue? = nil
  ) {
    self.fileName = fileName
    self.type = type
    self.fileExtension = fileExtension
    self.context = context
    self.step = step
    self.epoch = epoch
    self.modelName = modelName
    self.overwrite = overwrite
    self.metadata = metadata
  }

  /// As the query of the REST call has it.
  var query: [(name: String, value: String)] {
    let items: KeyValuePairs<String, (any CustomStringConvertible)?> = [
      "fileName": fileName, "extension": fileExtension, "type": type, "groupingName": modelName,
      "overwrite": overwrite, "context": context, "step": step, "epoch": epoch,
    ]
    return items.compactMap { name, value in value.map { (name, $0.description) } }
  }

  /// As the `additional_params` of a `file_upload` message have it.
  var parameters: JSONValue {
    .members([
      "context": .optional(context), "step": .optional(step), "epoch": .optional(epoch),
      "fileName": .string(fileName), "extension": fileExtension.map(JSONValue.string),
      "type": type.map(JSONValue.string), "groupingName": modelName.map(JSONValue.string),
      "overwrite": .boolean(overwrite),
    ])
  }

  /// Reads the payload of a `file_upload` message.
  init(_ payload: JSONValue) {
    let parameters = payload["additional_params"]
    let metadata = payload["metadata"].flatMap { $0.members?.isEmpty == false ? $0 : nil }
    self.init(
      parameters?["fileName"]?.text ?? payload["file_path"]?.text ?? "",
      type: parameters?["type"]?.text ?? payload["upload_type"]?.text,
      fileExtension: parameters?["extension"]?.text, context: parameters?["context"]?.text,
      step: parameters?["step"]?.wholeNumber, epoch: parameters?["epoch"]?.wholeNumber,
      modelName: parameters?["groupingName"]?.text,
      overwrite: parameters?["overwrite"]?.truth ?? false, metadata: metadata)
  }
}
