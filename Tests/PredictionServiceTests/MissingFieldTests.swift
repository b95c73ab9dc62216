import Classifiers
import Datasets
import JSON
import ModelFiles
import SavedModels
import TestSupport
import Testing

@testable import PredictionService

@Suite struct `A missing field` {
  /// Training had missing values in the number `n` and the name `w`, and none in `m`.
  private func service(
    _ encoding: Preprocessing.Encoding = .ordinal, unknownCategory: UnknownCategory = .error
  ) throws -> ServiceFixture {
    let preprocessing = Preprocessing(
      target: TargetRule(column: "class", classes: []), encoding: encoding)
    let rows = (0..<20).map {
      "\($0 % 5 == 1 ? "" : "\($0)"),\(["x", "y", ""][$0 % 3]),\($0 % 4),\(["a", "b"][$0 % 2])\n"
    }
    let table = try withTemporaryFile("n,w,m,class\n" + rows.joined()) {
      try CSVTable(contentsOf: $0, preprocessing.reading)
    }
    let data = try preprocessing.prepare(table, split: TrainTestSplit())
    let classifier = GaussianNaiveBayes()
    let description = ModelDescription(
      algorithm: .gaussianNaiveBayes, hyperparameters: classifier.hyperparameters,
      featureNames: data.training.featureNames, classNames: data.training.classNames,
      training: .init(fileName: "t.csv", sha256: "00", target: "t", seed: 42, testFraction: 0.2),
      validationMetrics: [:], programVersion: "test")
    var pipeline = try SavedPipeline(
      SavedModel(classifier.fit(data.training), description), SavedPreprocessing(data))
    pipeline.unknownCategory = unknownCategory
    return ServiceFixture(pipeline)
  }

  @Test(arguments: Preprocessing.Encoding.allCases)
  func `a missing field is answered alike however it is missing`(
    encoding: Preprocessing.Encoding
  ) async throws {
    let service = try service(encoding)
    let column = try #require(service.state.model?.pipeline.columns.first)
    let median = try #require(column.substitute)
    let expected = try await service.predict("{\"n\":\(median),\"w\":null,\"m\":1}")
    #expect(expected.status == 200)
    for row in [
      "{\"n\":null,\"w\":null,\"m\":1}", "{\"m\":1}", "{\"n\":\"\",\"w\":\"\",\"m\":1}",
      "{\"n\":\"NaN\",\"m\":1}",
    ] {
      let answer = try await service.predict(row)
      #expect(answer.status == 200 && answer.json == expected.json, "\(row)")
    }
    let shares = try #require(expected.json["probabilities"]?.members).compactMap(\.value.number)
    let csv = try await service.ask(
      "POST", "/api/predict", type: "text/csv", body: "n,w,m\n,,1\nNA,\"\",1\n")
    #expect(csv.body.contains(",\(shares[0]),\(shares[1])\n"))
    #expect(csv.body.split(separator: "\n").count == 3)
    let page = try await service.ask(
      "POST", "/predict", type: "application/x-www-form-urlencoded", body: "n=&w=&m=1")
    #expect(page.status == 200 && page.body.contains("(missing)"))
    let tensors = """
      {"inputs":[{"name":"n","datatype":"FP64","shape":[1],"data":[null]},
      {"name":"m","datatype":"FP64","shape":[1],"data":[1]}]}
      """
    let name = try #require(service.state.model?.servedName)
    let answer = try await service.ask(
      "POST", "/v2/models/\(name)/infer", type: "application/json", body: tensors)
    if answer.status == 200 {
      #expect(answer.body.contains("\(shares[0])"))
    } else {
      Issue.record("\(answer.body)")
    }
  }

  @Test(arguments: ["{\"n\":1,\"w\":\"x\"}", "{\"n\":1,\"w\":\"x\",\"m\":null}"])
  func `a field that training always had is needed`(row: String) async throws {
    let answer = try await service().predict(row)
    #expect(answer.status == 422)
    #expect(
      answer.json.description.contains(
        "expected a value, found nothing; training had no missing value in this column"))
  }

  @Test func `an unknown category is a missing field on request`() async throws {
    let row = "{\"n\":1,\"w\":\"z\",\"m\":1}"
    #expect(try await service().predict(row).status == 422)
    let lenient = try service(unknownCategory: .missing)
    let answer = try await lenient.predict(row)
    let missing = try await lenient.predict("{\"n\":1,\"m\":1}")
    #expect(answer.status == 200 && answer.json == missing.json)
  }

  @Test func `an unknown category of a one-hot column is ignored on request`() async throws {
    let service = try service(.oneHot, unknownCategory: .ignore)
    let column = try #require(service.state.model?.pipeline.columns[1])
    let unknown = try await service.predict("{\"n\":1,\"w\":\"z\",\"m\":1}")
    let pipeline = try #require(service.state.model?.pipeline)
    let expected = pipeline.prediction(for: [1, FeatureColumn.ignoredCode, 1]).probabilities
    #expect(unknown.status == 200 && column.isOneHot)
    #expect(
      unknown.json["probabilities"]?.members?.compactMap(\.value.number) == expected)
    _ = try await service.predict("{\"n\":1,\"w\":\"x\",\"m\":1}")
    let drifts = try #require(service.state.model?.driftCounters.drifts)
    #expect(drifts.map(\.name) == ["n", "w", "m"] && drifts[1].shares == [1, 0, 0])
  }

  @Test(arguments: Preprocessing.Encoding.allCases)
  func `form and description say which fields may be missing`(
    encoding: Preprocessing.Encoding
  ) async throws {
    let service = try service(encoding)
    let page = try await service.ask("GET", "/").body
    #expect(page.split(separator: "may be left empty").count >= 3)
    #expect(page.split(separator: "required=").count == 2)
    let row = try await service.ask("GET", "/openapi.json").json["components"]?["schemas"]?["Row"]
    #expect(row?["required"] == ["m"])
    #expect(row?["properties"]?["n"]?["nullable"] == true)
    #expect(row?["properties"]?["w"]?["enum"] == ["x", "y", .null])
    let features = try await service.ask("GET", "/api/model").json["features"]?.elements
    #expect(features?.map { $0["missing"] == true } == [true, true, false])
    #expect(features?[1]["encode"] == (encoding == .oneHot ? "one-hot" : nil))
  }

  @Test func `missing fields count for drift as in training`() async throws {
    let service = try service()
    let rows = (0..<20).map {
      "{\"n\":\($0 % 5 == 1 ? "null" : "\($0)"),\"w\":\(["\"x\"", "\"y\"", "null"][$0 % 3]),\"m\":\($0 % 4)}"
    }
    _ = try await service.predict("[" + rows.joined(separator: ",") + "]")
    let drifts = try #require(service.state.model?.driftCounters.drifts)
    #expect(drifts[1].binNames == ["x", "y", "(missing)"] && drifts[1].shares[2] == 0.3)
    #expect(drifts.allSatisfy { $0.shares.reduce(0, +) > 0.999 })
  }
}
