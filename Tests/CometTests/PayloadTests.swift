import Comet
import JSON
import Support
import TestSupport
import Testing

/// Every call, held against `Payloads/requests.json` to the byte.
@Suite struct `What is sent to Comet` {
  private let transport = RecordingTransport()
  private var client: CometClient {
    CometClient(server: .standard, key: APIKey("the-key"), transport: transport)
  }

  private func rendered<Answer>(_ name: String, _ call: CometCall<Answer>) -> JSONValue {
    let request = client.request(for: call)
    #expect(request.headers == [HTTPHeader("Authorization", "the-key")])
    let prefix = "https://www.comet.com/api/rest/v2/"
    #expect(request.url.hasPrefix(prefix))
    var members: [JSONValue.Member] = [
      .init("call", .string(name)),
      .init(
        "request", .string("\(request.method.rawValue) \(request.url.dropFirst(prefix.count))")),
    ]
    switch request.body {
    case .none: break
    case .bytes(let bytes, let type):
      #expect(type == "application/json;charset=utf-8")
      members.append(.init("body", .string(String(decoding: bytes, as: UTF8.self))))
    case .form(let parts):
      let parts = parts.map { part in
        let content: String =
          switch part.content {
          case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
          case .file(let path): "@" + path
          }
        return JSONValue.string(
          "\(part.name) \(part.fileName.map { "filename=\($0) " } ?? "")\(content)")
      }
      members.append(.init("form", .array(parts)))
    }
    return .object(members)
  }

  private func rendered(_ name: String, _ event: ExperimentEvent) -> JSONValue {
    rendered(name, CometCall.log(event, folder: "run", experiment: "K"))
  }

  private var calls: [JSONValue] {
    let registration = ModelRegistration(
      experimentKey: "K", modelName: "RandomForest", registryName: "diamonds-model",
      version: "1.0.0", description: "d", comment: "c", stages: ["production"])
    let model = ExperimentModel(id: "M", name: "RandomForest")
    let asset = AssetUpload(
      "matrix & more.json", type: "confusion-matrix", fileExtension: "json", context: "train",
      step: 3, metadata: ["b": 1, "a": "x"])
    let element = AssetUpload(
      "model.safetensors", type: "model-element", fileExtension: "safetensors",
      modelName: "RandomForest", overwrite: false)
    return [
      rendered("workspaces", CometCall.workspaces),
      rendered("default workspace", CometCall.defaultWorkspace),
      rendered("projects", CometCall.projects(ofWorkspace: "w s")),
      rendered("project", CometCall.project("p/q", ofWorkspace: "ws")),
      rendered("experiments", CometCall.experiments(ofProject: "p", workspace: "ws")),
      rendered("metadata", CometCall.metadata(ofExperiment: "K")),
      rendered("models", CometCall.models(ofExperiment: "K")),
      rendered(
        "create", CometCall.createExperiment(workspace: "ws", project: "p", name: "RandomForest")),
      rendered("log other", .other("Name", "x \"y\"\n")),
      rendered("add tags", CometCall.addTags(["RandomForest", "Fürth"], experiment: "K")),
      rendered("metric", .metric("accuracy", 0.9, context: "train", timestamp: 1)),
      rendered(
        "metric with a step", .metric("loss", .real(.nan), step: 2, epoch: 1, timestamp: 1)),
      rendered("parameter", .parameter("n_estimators", 100, timestamp: 1)),
      rendered("log html", .html("<b>", override: true)),
      rendered("log output", .output("line\n", timestamp: 5)),
      rendered("log system details", .systemDetails(SystemDetails([.init("hostname", "h")]))),
      rendered("log one more detail", .systemInfo("cpu_count", 2)),
      rendered(
        "log git metadata",
        .gitMetadata(
          ExperimentEvent.GitMetadata(
            branch: "refs/heads/main", parent: "c0", origin: "https://x/y"))),
      rendered("upload", .asset(asset, path: "cm.json", timestamp: 1)),
      rendered("upload model", .asset(element, path: "m", timestamp: 1)),
      rendered("heartbeat", CometCall.heartbeat(experiment: "K")),
      rendered("end", CometCall.end(hasCrashed: false, experiment: "K")),
      rendered("start and end", CometCall.setStartAndEnd(1, 2, experiment: "K")),
      rendered("registry models", CometCall.registryModels(ofWorkspace: "ws")),
      rendered("registry model", CometCall.registryModel("diamonds-model", workspace: "ws")),
      rendered("register", CometCall.register(registration)),
      rendered(
        "create model",
        CometCall.registerOnOlderComet(registration, model: model, isNew: true)),
      rendered(
        "create version",
        CometCall.registerOnOlderComet(registration, model: model, isNew: false)),
      rendered("add stage", CometCall.addStage("production", toVersion: "I")),
      rendered("remove stage", CometCall.removeStage("production", fromVersion: "I")),
      rendered(
        "download by stage",
        CometCall.download("diamonds-model", .stage("production"), workspace: "ws", to: "f")),
      rendered(
        "download by version",
        CometCall.download("diamonds-model", .version("1.0.0"), workspace: "ws", to: "f")),
      rendered("download", CometCall.download("diamonds-model", .latest, workspace: "ws", to: "f")),
    ]
  }

  @Test func `every call sends what the contract has`() throws {
    let bytes = try #require(
      readFile(RepositoryFiles.root + "/Tests/CometTests/Payloads/requests.json"))
    let expected = try #require(JSONValue(parsing: bytes).elements)
    for (call, expected) in zip(calls, expected) {
      #expect(call.description == expected.description)
    }
    #expect(calls.count == expected.count)
  }
}
