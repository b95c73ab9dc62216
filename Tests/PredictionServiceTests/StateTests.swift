import JSON
import Logging
import TestSupport
import Testing

@testable import PredictionService

@Suite struct `The state of the service` {
  @Test func `the service is ready until it is told to stop, and alive until it ends`() async throws
  {
    let service = try ServiceFixture.diamonds()
    #expect(try await service.ask("GET", "/ready").json["version"]?.text == "1.2.3")
    service.state.stop()
    #expect(try await service.ask("GET", "/ready").status == 503)
    #expect(try await service.ask("GET", "/health").status == 200)
    #expect(try await service.predict(ServiceFixture.stone.json).status == 200)
  }

  @Test func `the service answers HEAD as GET, without the body`() async throws {
    let answer = try await ServiceFixture.diamonds().ask("HEAD", "/")
    #expect(answer.status == 200)
    #expect(answer.body.isEmpty)
  }

  @Test func `requests are counted by route, predictions by class`() async throws {
    let service = try ServiceFixture.diamonds()
    for _ in 0..<3 { _ = try await service.predict(ServiceFixture.stone.json) }
    _ = try await service.predict("{}")
    _ = try await service.ask("GET", "/nothing")
    let text = try await service.ask("GET", "/metrics").body
    #expect(text.contains("diamonds_requests_total{route=\"/api/predict\",status=\"200\"} 3\n"))
    #expect(text.contains("diamonds_requests_total{route=\"/api/predict\",status=\"422\"} 1\n"))
    #expect(text.contains("diamonds_requests_total{route=\"other\",status=\"404\"} 1\n"))
    #expect(
      text.contains("diamonds_request_duration_seconds_count{route=\"/api/predict\"} 4\n"))
    #expect(
      text.contains(
        "diamonds_request_duration_seconds_bucket{route=\"/api/predict\",le=\"+Inf\"} 4\n"))
    #expect(text.contains("diamonds_model_info{model=\"RandomForest\",version=\"1.2.3\""))
    #expect(text.contains("diamonds_ready 1\n"))
    let predictions = text.split(separator: "\n")
      .filter { $0.hasPrefix("diamonds_predictions_total{") }
      .compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
    #expect(predictions.count == 2 && predictions.reduce(0, +) == 3)
  }

  @Test func `the metrics are text that Prometheus reads`() async throws {
    let service = try ServiceFixture.diamonds()
    _ = try await service.predict(ServiceFixture.stone.json)
    let answer = try await service.ask("GET", "/metrics")
    #expect(answer.header("content-type")?.hasPrefix("text/plain; version=0.0.4") == true)
    let sample =
      /[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.]+(e-?[0-9]+)?/
    var families: Set<Substring> = []
    for line in answer.body.split(separator: "\n") {
      if line.hasPrefix("# TYPE ") {
        // Every family is told once.
        #expect(families.insert(line.split(separator: " ")[2]).inserted)
      } else if !line.hasPrefix("# HELP ") {
        #expect(line.wholeMatch(of: sample) != nil, "\(line)")
      }
    }
  }

  @Test func `drift distinguishes features that are as in training from others`() async throws {
    let service = try ServiceFixture.diamonds()
    let data = try DiamondModels.data.get()
    // Training rows, so their distribution is that of training but for chance.
    let model = try #require(service.state.model)
    let rows = stride(from: 0, to: data.training.rows.count, by: 43).map { data.training.rows[$0] }
    let json = rows.map { row in
      let members = data.columns.enumerated().map { feature, column in
        let name = data.training.featureNames[feature]
        let categories = model.pipeline.columns[feature].categories
        let value =
          categories.map { "\"\($0[Int(column[row])])\"" }
          // One price for all: far from what training saw.
          ?? (name == "price" ? "1000" : "\(column[row])")
        return "\"\(name)\":\(value)"
      }
      return "{" + members.joined(separator: ",") + "}"
    }
    _ = try await service.predict("[" + json.joined(separator: ",") + "]")
    let text = try await service.ask("GET", "/metrics").body
    var indices: [String: Double] = [:]
    for line in text.split(separator: "\n") {
      guard line.hasPrefix("diamonds_feature_stability_index{") else { continue }
      indices[String(line.split(separator: "\"")[1])] = Double(line.split(separator: " ")[1])
    }
    #expect(indices.count == 9)
    for (name, index) in indices {
      #expect(name == "price" ? index > 1 : index < 0.1, "\(name) \(index)")
    }
    #expect(try await service.ask("GET", "/monitor").body.contains("class=\"different\""))
  }

  @Test func `a value at the edge of a bin is counted in the same bin as in training`() throws {
    let pipeline = try DiamondModels.small.get()
    var edgeCount = 0
    for (feature, column) in pipeline.columns.enumerated() {
      guard case .numbers(let numbers) = column.content else { continue }
      for edge in numbers.binEdges {
        let counters = DriftCounters(pipeline)
        var values = [Double](repeating: 0, count: pipeline.columns.count)
        values[feature] = edge
        counters.count(values[...], predictedClass: 0)
        #expect(counters.drifts[feature].shares[column.bin(of: edge)] == 1)
        edgeCount += 1
      }
    }
    #expect(edgeCount > 20)
  }
}
