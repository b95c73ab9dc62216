import Classifiers
import Datasets
import HTTPTypes
import Hummingbird
import JSON
import Logging
import ModelFiles
import NIOCore
import NIOEmbedded
import SavedModels
import Support
import TestSupport
import Testing

@testable import PredictionService

/// A service on a model of the diamonds.
struct ServiceFixture {
  let state: ServiceState
  private let router: RouterResponder<ServiceContext>
  /// Contexts have one; routes do not look at it.
  private static let channel = NIOAsyncTestingChannel()

  /// A service with a small forest of the diamonds.
  static func diamonds() throws -> ServiceFixture {
    ServiceFixture(try DiamondModels.small.get())
  }

  /// A service with a small forest of another table.
  static func table(
    _ csv: String, target: String, categorical: [String] = [], name: String? = nil
  ) throws -> ServiceFixture {
    let folder = TemporaryFolder()
    let preprocessing = Preprocessing(
      target: TargetRule(column: target, classes: []), categorical: categorical)
    let table = try CSVTable(contentsOf: folder.write(csv, to: "table.csv"), preprocessing.reading)
    let data = try preprocessing.prepare(table, split: TrainTestSplit(testFraction: 0.2, seed: 42))
    return ServiceFixture(try DiamondModels.fit(data, treeCount: 5, target: target), name: name)
  }

  init(
    _ pipeline: SavedPipeline?, version: String = "1.2.3", name: String? = nil,
    basePath: String = "",
    logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  ) {
    let model = pipeline.map {
      ServedModel($0, origin: .init(place: "workspace demo-ws", version: version, name: name))
    }
    state = ServiceState(model: model, basePath: basePath, logger: logger)
    router = ServiceRouter.make(state)
  }

  /// What the router answers, in memory; `Connections` asks the same over sockets.
  func ask(
    _ method: String, _ target: String, type: String? = nil, accept: String? = nil,
    knownTag: String? = nil, headers: [String: String] = [:], body: String = ""
  ) async throws -> RawClient.Answer {
    let (response, gathered) = try await respond(
      method, target, type: type, accept: accept, knownTag: knownTag, headers: headers,
      body: ByteBuffer(string: body))
    var bytes = "HTTP/1.1 \(response.status.code) \r\n"
    for field in response.headers { bytes += "\(field.name): \(field.value)\r\n" }
    return try #require(
      RawClient.Answer(Array((bytes + "\r\n").utf8) + gathered.readableBytesView))
  }

  /// The same with bodies of any bytes.
  func respond(
    _ method: String, _ target: String, type: String? = nil, accept: String? = nil,
    knownTag: String? = nil, headers: [String: String] = [:], body: ByteBuffer
  ) async throws -> (Response, ByteBuffer) {
    var head = HTTPRequest(
      method: try #require(HTTPRequest.Method(method)), scheme: "http", authority: "a",
      path: target, headerFields: [.contentLength: "\(body.readableBytes)"])
    for (name, value) in headers { head.headerFields[try #require(HTTPField.Name(name))] = value }
    head.headerFields[.contentType] = type
    head.headerFields[.accept] = accept
    head.headerFields[.ifNoneMatch] = knownTag
    var call = ServiceContext(source: .init(channel: Self.channel, logger: state.logger))
    call.body = body
    let response = try await router.respond(
      to: Request(head: head, body: .init(buffer: ByteBuffer())), context: call)
    let gathered = GatheredBody()
    try await response.body.write(gathered)
    return (response, gathered.bytes)
  }

  /// Asks `POST /api/predict` with JSON.
  func predict(_ json: String) async throws -> (status: Int, json: JSONValue) {
    let answer = try await ask("POST", "/api/predict", type: "application/json", body: json)
    return (answer.status, try answer.json)
  }

  /// A stone of the table, as JSON, as a form and as cells.
  static let stone = Stone([
    ("carat", "0.23"), ("color", "E"), ("clarity", "SI2"), ("depth", "61.5"), ("table", "55"),
    ("price", "326"), ("x", "3.95"), ("y", "3.98"), ("z", "2.43"),
  ])
}

/// What is asked about.
struct Stone {
  var fields: [(name: String, text: String)]

  init(_ fields: [(String, String)]) { self.fields = fields.map { ($0.0, $0.1) } }

  /// Rows of the table, counted from 0.
  static func table(rows: [Int]) -> [Stone] {
    let lines = String(decoding: readFile(RepositoryFiles.diamonds) ?? [], as: UTF8.self)
      .split(separator: "\n")
    return rows.map { row in
      let cells = lines[row + 1].split(separator: ",").map { $0.filter { $0 != "\"" } }
      // Row number, carat, cut, color, …: all but the first and the cut are asked.
      let texts = [cells[1]] + cells[3...]
      return Stone(zip(ServiceFixture.stone.fields.map(\.name), texts).map { ($0, $1) })
    }
  }

  var json: String {
    let members = fields.map { field in
      let isText = field.name == "color" || field.name == "clarity"
      return "\"\(field.name)\":" + (isText ? "\"\(field.text)\"" : field.text)
    }
    return "{" + members.joined(separator: ",") + "}"
  }

  var form: String { fields.map { "\($0.name)=\($0.text)" }.joined(separator: "&") }

  /// The same with another value.
  func with(_ name: String, _ text: String) -> Stone {
    Stone(fields.map { $0.name == name ? ($0.name, text) : ($0.name, $0.text) })
  }

  func without(_ name: String) -> Stone {
    Stone(fields.filter { $0.name != name }.map { ($0.name, $0.text) })
  }
}

extension RawClient.Answer {
  var json: JSONValue { get throws { try JSONValue(parsing: body.utf8) } }
}

/// Models that several tests use.
enum DiamondModels {
  static let data = Result { () throws -> PreparedData in
    let preprocessing = Preprocessing()
    let table = try CSVTable(
      contentsOf: RepositoryFiles.diamonds, preprocessing.reading)
    return try preprocessing.prepare(table, split: TrainTestSplit(testFraction: 0.2, seed: 42))
  }

  /// A forest of few trees.
  static let small = Result { try fit(treeCount: 5) }
  /// The comparison's own.
  static let full = Result { try fit(treeCount: 100) }
  /// Says Silver, whatever it is asked.
  static let silver = Result { try fit(treeCount: 1, onlyLabel: 1) }

  private static func fit(treeCount: Int, onlyLabel: Int? = nil) throws -> SavedPipeline {
    try fit(data.get(), treeCount: treeCount, onlyLabel: onlyLabel, target: "cut")
  }

  static func fit(
    _ data: PreparedData, treeCount: Int, onlyLabel: Int? = nil, target: String
  ) throws -> SavedPipeline {
    let forest = RandomForest(treeCount: treeCount, seed: 42)
    let training = data.training
    let dataset = Dataset(
      features: training.features,
      labels: onlyLabel.map { label in training.labels.map { _ in label } } ?? training.labels,
      featureNames: training.featureNames, classNames: training.classNames)
    let description = ModelDescription(
      algorithm: .randomForest, hyperparameters: forest.hyperparameters,
      featureNames: training.featureNames, classNames: training.classNames,
      training: .init(
        fileName: "diamonds.csv", sha256: "00", target: target, seed: 42, testFraction: 0.2),
      validationMetrics: ["f1": 0.8215], programVersion: "test")
    return try SavedPipeline(
      SavedModel(try forest.fit(dataset), description), SavedPreprocessing(data))
  }
}
