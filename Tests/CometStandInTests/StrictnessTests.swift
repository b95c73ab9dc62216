import CometStandIn
import Testing

@Suite struct `The stand-in is strict` {
  /// Bodies of `write/experiment/metric` without the key, and words of the refusal.
  @Test(arguments: [
    (#""metricName":"m","metricValue":1,"unknown":1"#, "unknown field unknown"),
    (#""metricName":"m""#, "metricValue is missing"),
    (#""metricName":"","metricValue":1"#, "metricName"),
    (#""metricName":1,"metricValue":1"#, "metricName"),
    (#""metricName":"m","metricValue":true"#, "metricValue"),
    (#""metricName":"m","metricValue":null"#, "metricValue"),
    (#""metricName":"m","metricValue":"high""#, "metricValue"),
    (#""metricName":"m","metricValue":NaN"#, "invalid JSON"),
    (#""metricName":"m","metricValue":1,"step":1.5"#, "step"),
    (#""metricName":"m","metricValue":1,"step":"1""#, "step"),
    (#""metricName":"m","metricValue":1,"context":null"#, "context"),
    (#""metricName":"m","metricValue":1,"timestamp":1.5e12"#, "timestamp"),
  ])
  func `the stand-in refuses metrics with wrong fields`(fields: String, words: String) throws {
    let fixture = try StandInFixture()
    let key = fixture.experiment()
    let answer = fixture.post(
      "write/experiment/metric", "{\"experimentKey\":\"\(key)\",\(fields)}")
    #expect(answer?.status == 400)
    #expect(answer?.json["code"] == 400)
    #expect(answer?.json["msg"]?.string?.contains(words) == true, "\(answer?.body ?? "")")
    #expect(fixture.server.state["experiments"]?.array?[0]["metrics"] == [])
  }

  @Test func `the stand-in refuses experiments that are not there`() throws {
    let fixture = try StandInFixture()
    let body = #"{"experimentKey":"0000","addedTags":["a"]}"#
    #expect(fixture.post("write/experiment/tags", body)?.code == 90210)
    #expect(fixture.post("write/experiment/tags", #"{"addedTags":["a"]}"#)?.code == 90998)
    #expect(fixture.get("experiment/tags?experimentKey=0000")?.code == 90211)
    #expect(fixture.get("experiment/tags")?.code == 90998)
    #expect(fixture.get("experiment/tags?experimentKey=0&more=1")?.status == 400)
    let elsewhere = #"{"workspaceName":"elsewhere","projectName":"p"}"#
    #expect(fixture.post("write/experiment/create", elsewhere)?.code == 90219)
  }

  @Test func `the stand-in refuses bodies of another type`() throws {
    let fixture = try StandInFixture()
    let body = #"{"workspaceName":"demo-ws","projectName":"p"}"#
    #expect(
      fixture.request("POST", "write/experiment/create", body, type: "text/plain")?.status == 415)
    #expect(fixture.post("write/experiment/create", "[]")?.status == 400)
    #expect(fixture.post("write/experiment/create", body + "x")?.status == 400)
  }

  @Test func `the stand-in refuses uploads with wrong fields`() throws {
    let fixture = try StandInFixture()
    let key = "experimentKey=\(fixture.experiment())"
    func isRefused(_ query: String, _ text: String = "x", metadata: String? = nil) -> Bool {
      fixture.upload("\(key)&\(query)", text, metadata: metadata)?.status == 400
    }
    #expect(isRefused("fileName=a&type=picture"))
    #expect(isRefused("fileName=a&step=x"))
    #expect(isRefused("fileName=a&overwrite=yes"))
    #expect(isRefused("fileName=a&other=1"))
    #expect(isRefused("fileName=a&fileName=b"))
    #expect(isRefused("fileName=a&type=model-element"))
    #expect(isRefused("fileName=a&groupingName=m"))
    #expect(isRefused("fileName=a&isRemote=true"))
    #expect(isRefused("fileName=a", metadata: "[1]"))
    #expect(isRefused("fileName=a&type=curve", #"{"x":[1],"y":[],"name":"roc"}"#))
    #expect(isRefused("fileName=a&type=confusion-matrix", #"{"labels":["a"],"matrix":[[1]]}"#))
    #expect(fixture.upload("\(key)&fileName=a", "x", part: "data")?.status == 400)
    for form in [
      "", "--b", "--b\r\n\r\nx\r\n--b--", "--b\r\nContent-Disposition: form-data\r\n\r\n",
    ] {
      let answer = fixture.request(
        "POST", "write/experiment/upload-asset?\(key)", form,
        type: "multipart/form-data; boundary=b")
      #expect(answer?.status == 400, "\(form)")
    }
    #expect(fixture.server.state["experiments"]?.array?[0]["assets"] == [])
  }

  @Test func `the stand-in refuses wrong versions and stages`() throws {
    let fixture = try StandInFixture()
    let key = fixture.experimentWithModel()
    for version in ["1", "1.0", "1.0.0.0", "v1.0.0", "1.0.x", "01.0.0", "1.0.-1"] {
      #expect(fixture.register(key, version: version)?.code == 42001, "\(version)")
    }
    let answer = try #require(fixture.register(key, version: "1.0.0", tags: #"["production"]"#))
    let item = try #require(answer.json["registryModelItemId"]?.string)
    #expect(fixture.register(key, version: "1.0.0")?.status == 400)
    let stage = "write/registry-model/item/stage?modelItemId=\(item)&stage="
    #expect(fixture.get(stage + "production")?.status == 400)
    #expect(fixture.get(stage + "green")?.status == 200)
    #expect(fixture.get(stage + "green")?.status == 400)
    let model = "workspaceName=demo-ws&modelName="
    #expect(fixture.get("registry-model/details?\(model)nope")?.code == 42008)
    let download = "registry-model/item/download?\(model)my-model"
    #expect(fixture.get(download + "&version=1.0.0&stage=green")?.status == 400)
    #expect(fixture.get(download + "&version=2.0.0")?.status == 400)
    #expect(fixture.get(download + "&stage=Green")?.status == 400)
    #expect(fixture.get(download + "&stage=green")?.status == 200)
    #expect(fixture.get("registry-model/count?workspaceName=elsewhere")?.status == 400)
    let status = #"{"modelItemId":"\#(item)","status":"Perfect"}"#
    #expect(fixture.post("write/registry-model/item/status", status)?.status == 400)
  }
}
