import CometStandIn
import Testing

@Suite struct `The stand-in's store` {
  @Test func `the stand-in gives metrics back as they were sent`() throws {
    let fixture = try StandInFixture()
    let key = fixture.experiment()
    for (value, step) in [("0.10", 1), ("1e2", 2), ("\"NaN\"", 3), ("0.5", 4)] {
      let body = """
        {"experimentKey":"\(key)","metricName":"loss","metricValue":\(value),"context":"train",\
        "step":\(step),"timestamp":1700000000000}
        """
      #expect(fixture.post("write/experiment/metric", body)?.json == ["msg": "Saved"])
    }
    let points = fixture.get(
      "experiment/metrics/get-metric?experimentKey=\(key)&metricName=train_loss")
    let values = points?.json["metrics"]?.array?.map { $0["metricValue"] }
    #expect(values == ["0.10", "1e2", "NaN", "0.5"])
    let summary = fixture.get("experiment/metrics/summary?experimentKey=\(key)")?.json["values"]
    let metric = try #require(summary?.array?.first)
    #expect(metric["name"] == "train_loss")
    #expect(metric["valueMax"] == "1e2")
    #expect(metric["stepMax"] == 2)
    #expect(metric["valueMin"] == "0.10")
    #expect(metric["valueCurrent"] == "0.5")
    #expect(metric["runContextCurrent"] == "train")
  }

  @Test func `the stand-in knows a run's name, newest parameters, tags and state`() throws {
    let fixture = try StandInFixture()
    let key = fixture.experiment()
    func post(_ call: String, _ fields: String) -> Int? {
      fixture.post("write/experiment/" + call, "{\"experimentKey\":\"\(key)\",\(fields)}")?.status
    }
    #expect(post("log-other", #""key":"Name","value":"random forest""#) == 200)
    #expect(post("parameter", #""parameterName":"n","parameterValue":1"#) == 200)
    #expect(post("parameter", #""parameterName":"n","parameterValue":"two""#) == 200)
    #expect(post("tags", #""addedTags":["a","b","a"]"#) == 200)
    #expect(post("html", #""html":"<b>","override":false"#) == 200)
    #expect(post("html", #""html":"</b>""#) == 200)
    #expect(
      post("output", #""runContext":null,"outputLines":[{"output":"x\n","stderr":false}]"#) == 200)
    #expect(post("set-start-end-time", #""startTimeMillis":1000,"endTimeMillis":null"#) == 200)
    let experiment = "experimentKey=\(key)"
    #expect(fixture.get("experiment/metadata?\(experiment)")?.json["running"] == true)
    #expect(post("update-status", #""isAlive":false,"error":null,"hasCrashed":false"#) == 200)
    let metadata = fixture.get("experiment/metadata?\(experiment)")?.json
    #expect(metadata?["experimentName"] == "random forest")
    #expect(metadata?["running"] == false)
    #expect(metadata?["startTimeMillis"] == 1000)
    let parameters = fixture.get("experiment/parameters?\(experiment)")?.json["values"]?.array
    #expect(parameters?.count == 1)
    #expect(parameters?[0]["valueCurrent"] == "two")
    #expect(fixture.get("experiment/tags?\(experiment)")?.json["tags"] == ["a", "b"])
    #expect(fixture.get("experiment/html?\(experiment)")?.json["html"] == "<b></b>")
    #expect(fixture.get("experiment/output?\(experiment)")?.json["output"] == "x\n")
    let listed = fixture.get("experiments?workspaceName=demo-ws&projectName=demo")
    #expect(listed?.json["experiments"]?.array?.map { $0["experimentKey"]?.string } == [key])
  }

  @Test func `the stand-in gives files back, and makes models of them`() throws {
    let fixture = try StandInFixture()
    let key = fixture.experimentWithModel()
    let upload = "experimentKey=\(key)&fileName=notes%2Fa+b.txt&context=train&step=3"
    let answer = fixture.upload(upload, "one\r\n--two", metadata: #"{"a": 1}"#)
    let id = try #require(answer?.json["assetId"]?.string)
    let file = fixture.get("experiment/asset/get-asset?experimentKey=\(key)&assetId=\(id)")
    #expect(file?.body == "one\r\n--two")
    #expect(file?.header("Content-Type") == "application/octet-stream")
    let list = fixture.get("experiment/asset/list?experimentKey=\(key)&type=asset")
    let asset = try #require(list?.json["assets"]?.array?.first)
    #expect(asset["fileName"] == "notes/a b.txt")
    #expect(asset["metadata"] == "{\"a\":1}")
    #expect(asset["runContext"] == "train")
    #expect(asset["step"] == 3)
    #expect(asset["link"]?.string?.contains("experimentKey=\(key)&assetId=\(id)") == true)
    let again = fixture.upload(upload + "&overwrite=true", "three")
    #expect(again?.status == 200)
    #expect(list?.json["assets"]?.array?.count == 1)
    let models = fixture.get("experiment/model?experimentKey=\(key)")?.json["models"]?.array
    #expect(models?.count == 1)
    #expect(models?[0]["modelName"] == "my-model")
    let zip = fixture.get("experiment/model/download?experimentKey=\(key)&modelName=my-model")
    #expect(zip?.body.contains("weights") == true)
    #expect(zip?.body.hasPrefix("PK") == true)
  }

  @Test func `the stand-in registers by both calls, and lists the newest version first`() throws {
    let fixture = try StandInFixture()
    let key = fixture.experimentWithModel()
    for version in ["1.0.0", "1.10.0", "1.9.0"] {
      #expect(fixture.register(key, version: version, tags: #"["s"]"#)?.status == 200)
    }
    let models = fixture.get("experiment/model?experimentKey=\(key)")?.json["models"]?.array
    let id = try #require(models?[0]["experimentModelId"]?.string)
    #expect(models?[0]["registryRecords"]?.array?.count == 3)
    let classic =
      #"{"experimentModelId":"\#(id)","registryModelName":"my-model","version":"2.0.0","#
    let further = fixture.post(
      "write/registry-model/item", classic + #""comment":"c","stages":["production"]}"#)
    #expect(further?.json["registryModelItemId"]?.string != nil)
    #expect(fixture.post("write/registry-model", classic + #""isPublic":false}"#)?.status == 400)
    let model = "workspaceName=demo-ws&modelName=my-model"
    let details = fixture.get("registry-model/details?\(model)")?.json
    let versions = details?["versions"]?.array?.map { $0["version"]?.string }
    #expect(versions == ["2.0.0", "1.10.0", "1.9.0", "1.0.0"])
    #expect(details?["versions"]?.array?[0]["stages"] == ["production"])
    let latest = fixture.get("registry-model/latest_version?\(model)&stage=s&versionMajor=1")
    #expect(latest?.json["version"] == "1.10.0")
    let zip = fixture.get("registry-model/item/download?\(model)&stage=production")
    #expect(zip?.body.contains("model.safetensors") == true)
  }

  @Test func `an old backend knows only the classic calls`() throws {
    var options = StandInOptions()
    options.isOldBackend = true
    let fixture = try StandInFixture(options)
    let key = fixture.experimentWithModel()
    #expect(fixture.register(key, version: "1.0.0")?.status == 404)
  }

  @Test func `the stand-in keeps, replaces or refuses a second file of a name`() throws {
    var options = StandInOptions()
    for isImmutable in [false, true] {
      options.hasImmutableAssets = isImmutable
      let fixture = try StandInFixture(options)
      let query = "experimentKey=\(fixture.experiment())&fileName=a"
      #expect(fixture.upload(query, "1")?.status == 200)
      #expect(fixture.upload(query, "2")?.code == (isImmutable ? 7_000_005 : nil))
      let assets = { fixture.server.state["experiments"]?.array?[0]["assets"]?.array?.count }
      #expect(assets() == (isImmutable ? 1 : 2))
      #expect(fixture.upload(query + "&overwrite=True", "3")?.status == 200)
      #expect(assets() == 1)
    }
  }
}
