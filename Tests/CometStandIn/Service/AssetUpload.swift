/// Reads an uploaded file out of its form and its query.
enum AssetUpload {
  static let fields: [Field] = [
    .optional("fileName", .name), .optional("extension", .name), .optional("type", .name),
    .optional("step", .integer), .optional("epoch", .integer), .optional("context", .name),
    .optional("overwrite", .flag), .optional("groupingName", .name), .optional("assetId", .name),
    .optional("source", .name), .optional("isRemote", .flag),
    .optional("artifactVersionId", .name),
  ]

  private static let types: Set = [
    "asset", "confusion-matrix", "curve", "model-element", "source_code", "notebook", "image",
    "audio", "video", "embeddings", "visualization", "histogram3d", "text-sample", "dataframe",
    "dataframe-profile", "git-patch", "3d-image", "3d-points", "tensorflow-file", "asset-item",
    "conda-environment-definition", "conda-info", "conda-specification",
  ]

  static func asset(_ call: Call) throws(Refusal) -> Asset {
    let type = call.text("type") ?? "asset"
    guard types.contains(type) else { throw Refusal("unknown asset type \"\(type)\"") }
    let modelName = call.text("groupingName")
    guard (type == "model-element") == (modelName != nil) else {
      throw Refusal("groupingName goes with type model-element, and that needs it")
    }
    let content = try content(call)
    let name = call.text("fileName") ?? content.name
    if type == "confusion-matrix" { try AssetContent.checkConfusionMatrix(content.bytes) }
    if type == "curve" { try AssetContent.checkCurve(content.bytes) }
    return Asset(
      id: call.text("assetId") ?? Identifier.random(), name: name, type: type,
      fileExtension: call.text("extension"), bytes: content.bytes, remoteLink: content.link,
      step: call.int("step"), epoch: call.int("epoch"), context: call.text("context"),
      modelName: modelName, metadata: try metadata(call), created: call.now)
  }

  private static func content(
    _ call: Call
  ) throws(Refusal) -> (name: String, bytes: [UInt8], link: String?) {
    for part in call.parts where !["file", "link", "metadata"].contains(part.name) {
      throw Refusal("unknown form part \"\(part.name)\"")
    }
    guard Set(call.parts.map(\.name)).count == call.parts.count else {
      throw Refusal("a form part is there twice")
    }
    let file = call.parts.first { $0.name == "file" }
    let link = call.parts.first { $0.name == "link" }
    if let file, link == nil, call.flag("isRemote") != true {
      return (file.fileName ?? "file", file.bytes, nil)
    }
    if let link, file == nil, call.flag("isRemote") == true {
      let text = String(decoding: link.bytes, as: UTF8.self)
      return (text.split(separator: "/").last.map(String.init) ?? text, [], text)
    }
    throw Refusal("expected a form part file, or isRemote=true and a form part link")
  }

  private static func metadata(_ call: Call) throws(Refusal) -> String? {
    guard let part = call.parts.first(where: { $0.name == "metadata" }) else { return nil }
    guard let value = try? JSONValue(parsing: part.bytes), value.members != nil else {
      throw Refusal("form part metadata: expected a JSON object")
    }
    return value.text
  }
}

/// Checks of the files that Comet's pages draw. The service stores whatever it gets and then shows
/// an empty panel; here that is an error, so that a test sees it.
enum AssetContent {
  static func checkConfusionMatrix(_ bytes: [UInt8]) throws(Refusal) {
    let known = [
      "version", "title", "labels", "matrix", "rowLabel", "columnLabel", "maxSamplesPerCell",
      "sampleMatrix", "type",
    ]
    guard let value = try? JSONValue(parsing: bytes), let members = value.members,
      let labels = value["labels"]?.array, labels.allSatisfy({ $0.string != nil }),
      let rows = value["matrix"]?.array, rows.count == labels.count,
      rows.allSatisfy({ row in
        row.array.map { $0.count == labels.count && $0.allSatisfy { ($0.int ?? -1) >= 0 } } ?? false
      }),
      value["version"]?.int == 1, value["title"]?.string != nil, value["rowLabel"]?.string != nil,
      value["columnLabel"]?.string != nil
    else { throw Refusal("confusion matrix: not of version 1's form") }
    for member in members where !known.contains(member.key) {
      throw Refusal("confusion matrix: unknown key \(member.key)")
    }
  }

  static func checkCurve(_ bytes: [UInt8]) throws(Refusal) {
    guard let value = try? JSONValue(parsing: bytes), let members = value.members,
      let x = value["x"]?.array, let y = value["y"]?.array, x.count == y.count,
      (x + y).allSatisfy({ $0.double != nil || $0.isNull }), value["name"]?.string != nil,
      members.count == 3
    else { throw Refusal("curve: expected x and y of equal length, and a name") }
  }
}
