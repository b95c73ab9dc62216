import Testing

@Suite struct `The pages of the service` {
  @Test func `the page shows a field for each feature with its range`() async throws {
    let answer = try await ServiceFixture.diamonds().ask("GET", "/")
    #expect(answer.status == 200)
    #expect(answer.header("content-type") == "text/html; charset=utf-8")
    let page = answer.body
    for field in ServiceFixture.stone.fields {
      #expect(page.contains("<label for=\"field-\(field.name)\">"))
      #expect(page.contains("name=\"\(field.name)\""))
    }
    #expect(page.contains("0.2 to 5.01 in training"))
    #expect(page.contains("step=\"0.01\""))
    let grades = ["IF", "VVS1", "VVS2", "VS1", "VS2", "SI1", "SI2", "I1"]
    let places = grades.compactMap { page.firstRange(of: "<option value=\"\($0)\"")?.lowerBound }
    #expect(places.count == grades.count && places == places.sorted())
  }

  @Test func `the page answers a form with the class and the probabilities`() async throws {
    let service = try ServiceFixture.diamonds()
    let form = "application/x-www-form-urlencoded"
    let answer = try await service.ask(
      "POST", "/predict", type: form, body: ServiceFixture.stone.form)
    #expect(answer.status == 200)
    let prediction = try await service.predict(ServiceFixture.stone.json).json
    let label = try #require(prediction["label"]?.text)
    #expect(answer.body.contains("<h1>\(label)</h1>"))
    #expect(answer.body.contains("version 1.2.3"))
    #expect(answer.body.contains("validation F1 0.8215"))
    #expect(answer.body.contains("width=\"\(prediction["probabilities"]?["Gold"]?.number ?? -1)\""))
    #expect(answer.body.contains("href=\"./?carat=0.23&amp;color=E&amp;"))
    let again = try await service.ask("GET", "/predict?" + ServiceFixture.stone.form)
    #expect(again.body == answer.body)
    let back = try await service.ask("GET", "/?" + ServiceFixture.stone.form)
    #expect(back.body.contains("value=\"0.23\""))
    #expect(back.body.contains("<option value=\"SI2\" selected=\"selected\">"))
  }

  @Test func `the page keeps the fields after a mistake`() async throws {
    let answer = try await ServiceFixture.diamonds().ask(
      "POST", "/predict", type: "application/x-www-form-urlencoded",
      body: ServiceFixture.stone.with("carat", "0,23").form)
    #expect(answer.status == 422)
    #expect(answer.body.contains("aria-describedby=\"hint-carat error-carat\""))
    #expect(answer.body.contains("value=\"0,23\""))
    #expect(answer.body.contains("id=\"error-carat\">expected a number with a point"))
    #expect(answer.body.contains("value=\"326\""))
  }

  @Test func `the answer page names values outside the training range`() async throws {
    let service = try ServiceFixture.diamonds()
    let answer = try await service.ask(
      "GET", "/predict?" + ServiceFixture.stone.with("carat", "17").form)
    #expect(answer.status == 200)
    #expect(answer.body.contains("Carat: 17 is outside the training range, 0.2 to 5.01"))
    let (status, json) = try await service.predict(ServiceFixture.stone.with("carat", "17").json)
    #expect(status == 200)
    #expect(json["notices"]?.elements?.first?["field"]?.text == "carat")
  }

  @Test func `the pages escape what was sent`() async throws {
    let service = try ServiceFixture.diamonds()
    let attack = "%3Cscript%3Ealert(1)%3C/script%3E%22%27"
    for target in [
      "/predict?" + ServiceFixture.stone.with("carat", attack).form, "/?carat=" + attack,
      "/predict?\(attack)=1", "/" + attack,
    ] {
      let answer = try await service.ask("GET", target, accept: "text/html")
      #expect(answer.header("content-type")?.hasPrefix("text/html") == true)
      #expect(!answer.body.contains("<script"))
    }
  }

  @Test(arguments: ["/", "/predict?carat=1", "/monitor", "/docs", "/nothing", "/api/model"])
  func `the pages have security headers`(target: String) async throws {
    let answer = try await ServiceFixture.diamonds().ask("GET", target, accept: "text/html")
    let policy = try #require(answer.header("content-security-policy"))
    #expect(policy.hasPrefix("default-src 'none'"))
    #expect(policy.contains("frame-ancestors 'none'"))
    #expect(!policy.contains("unsafe"))
    #expect(answer.header("x-content-type-options") == "nosniff")
    #expect(answer.header("referrer-policy") == "no-referrer")
    #expect(answer.header("cache-control") == "no-store")
    // Nothing on a page needs what the policy forbids.
    for forbidden in ["<script", "style=\"", "<style", "javascript:", "src=\"http", "href=\"http"] {
      #expect(!answer.body.contains(forbidden))
    }
  }

  @Test func `the pages take their style from one file, which browsers may keep`() async throws {
    let service = try ServiceFixture.diamonds()
    let style = try await service.ask("GET", "/style.css")
    #expect(style.header("content-type") == "text/css; charset=utf-8")
    #expect(style.body.contains("prefers-color-scheme:dark"))
    #expect(style.header("cache-control")?.contains("max-age") == true)
    let tag = try #require(style.header("etag"))
    let again = try await service.ask("GET", "/style.css", knownTag: tag)
    #expect(again.status == 304 && again.body.isEmpty)
    #expect(try await service.ask("GET", "/style.css", knownTag: "\"other\"").status == 200)
  }

  @Test func `the page shows drift against training`() async throws {
    let service = try ServiceFixture.diamonds()
    #expect(try await service.ask("GET", "/monitor").body.contains("No rows predicted"))
    for _ in 0..<3 { _ = try await service.predict(ServiceFixture.stone.json) }
    let page = try await service.ask("GET", "/monitor").body
    #expect(page.contains("3 rows predicted"))
    #expect(page.contains("PSI "))
    // Of three rows nothing can be said.
    #expect(page.contains("too few rows to tell"))
    #expect(!page.contains("class=\"different\""))
    #expect(page.contains("<svg"))
  }

  @Test func `the page describes the API`() async throws {
    let page = try await ServiceFixture.diamonds().ask("GET", "/docs").body
    for path in ["/api/predict", "/api/model", "/predict", "/metrics"] {
      #expect(page.contains("<code>\(path)</code>"))
    }
    #expect(page.contains("IF, VVS1, VVS2"))
  }
}
