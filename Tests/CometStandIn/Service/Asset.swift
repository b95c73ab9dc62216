/// A file of an experiment.
struct Asset: Sendable {
  let id: String
  let name: String
  let type: String
  let fileExtension: String?
  let bytes: [UInt8]
  /// Where the bytes are when they were not sent.
  let remoteLink: String?
  let step: Int?
  let epoch: Int?
  let context: String?
  /// The logged model that the file belongs to.
  let modelName: String?
  /// Compact JSON.
  let metadata: String?
  let created: Int

  func json(experimentKey: String, root: String) -> JSONValue {
    // The SDK takes the experiment's key out of this link.
    let link = "\(root)/api/asset/download?experimentKey=\(experimentKey)&assetId=\(id)"
    return [
      "assetId": .string(id),
      "experimentKey": .string(experimentKey),
      "fileName": .string(name),
      "fileSize": .init(bytes.count),
      "type": .string(type),
      "dir": .string(modelName.map { "models/\($0)" } ?? "assets"),
      "runContext": .init(context),
      "step": .init(step),
      "epoch": .init(epoch),
      "remote": .init(remoteLink != nil),
      "link": .string(remoteLink ?? link + "&isCompressed=false"),
      "compressedAssetLink": .string(link + "&isCompressed=true"),
      "s3Link": nil,
      "createdAt": .init(created),
      "canView": false,
      "audio": .init(type == "audio"),
      "video": .init(type == "video"),
      "histogram": .init(type == "histogram3d"),
      "image": .init(type == "image"),
      "metadata": .init(metadata),
      "tags": [],
      "curlDownload": "",
      "items": [],
      "etag": nil,
    ]
  }
}

extension Experiment {
  /// Stores an asset. With `overwrite` it takes the place of those of the same name and type.
  ///
  /// - Throws: error 7000005 where newer backends hold the stored one to be immutable.
  mutating func store(_ asset: Asset, overwrite: Bool, isImmutable: Bool) throws(Refusal) {
    let isSame = { (other: Asset) in other.name == asset.name && other.type == asset.type }
    if overwrite {
      assets.removeAll(where: isSame)
    } else if isImmutable, assets.contains(where: isSame) {
      throw Refusal("asset \(asset.name) exists and cannot be replaced", code: 7_000_005)
    }
    // A client that chooses the identifier may send the same file again.
    assets.removeAll { $0.id == asset.id }
    assets.append(asset)
    if let model = asset.modelName, !models.contains(where: { $0.name == model }) {
      models.append((model, Identifier.random()))
    }
  }

  /// The files of a logged model; of several with the same name the newest.
  func assets(ofModel name: String) -> [Asset] {
    var result: [Asset] = []
    for asset in assets where asset.modelName == name {
      result.removeAll { $0.name == asset.name }
      result.append(asset)
    }
    return result
  }

  func modelArchive(_ name: String) throws(Refusal) -> [UInt8] {
    let files = assets(ofModel: name)
    guard !files.isEmpty else { throw Refusal("model \(name) does not exist") }
    return StoredZip.archive(files.map { ($0.name, $0.bytes) })
  }
}
