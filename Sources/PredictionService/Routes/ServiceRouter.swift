import HTTPTypes
import Hummingbird

/// Hummingbird's router with all routes of the service.
enum ServiceRouter {
  static let routes =
    PageRoutes.all + PredictionRoutes.all + InferenceRoutes.all + StateRoutes.all + AssetRoutes.all

  static func make(_ state: ServiceState) -> RouterResponder<ServiceContext> {
    let router = Router(context: ServiceContext.self)
    router.add(middleware: ServiceMiddleware(state: state))
    for route in routes {
      for method in route.method == .get ? [.get, .head] : [route.method] {
        router.on(RouterPath(route.path), method: method) { request, context in
          try route.handler(request, context, state)
        }
      }
    }
    return router.buildResponder()
  }
}
