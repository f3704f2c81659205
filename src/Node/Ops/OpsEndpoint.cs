using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Discord.Node.Logging;
using Discord.Node.Ops.Metrics;
using Discord.Protocol.Errors;

namespace Discord.Node.Ops;

/// <summary>
/// Answers what comes to the ops port: health, readiness and metrics to anyone on this machine, the operator's API to whoever has the
/// token.
/// </summary>
internal sealed class OpsEndpoint(NodeState state, OpsToken token, MetricsExporter metrics, OpsApi api, ILogger<OpsEndpoint> log)
{
    /// <summary>Serves one request.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var path = (http.Request.Path.Value ?? "").TrimEnd('/');
        var isRead = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        switch (path)
        {
            case "/healthz" when isRead:
                await TextAsync(http, 200, "ok\n", "text/plain");
                return;
            case "/readyz" when isRead:
                var ready = state.Phase == NodePhase.Ready;
                await TextAsync(http, ready ? 200 : 503, $"{state.Phase.ToString().ToLowerInvariant()}\n", "text/plain");
                return;
            case "/metrics" when isRead:
                await TextAsync(http, 200, metrics.Scrape(), PrometheusText.ContentType);
                return;
            default:
                await OperatorAsync(http, path);
                return;
        }
    }

    private async Task OperatorAsync(HttpContext http, string path)
    {
        if (!path.StartsWith("/ops/v1/", StringComparison.Ordinal))
        {
            await ErrorAsync(http, 404, "There is nothing here: see /healthz, /readyz, /metrics and /ops/v1.");
            return;
        }
        if (!token.Admits(http.Request.Headers.Authorization))
        {
            NodeLog.OperatorRefused(log);
            http.Response.Headers.WWWAuthenticate = "Bearer";
            await ErrorAsync(http, 401, "The operator's token is missing or wrong; it lies in ops.token in the node's data directory.");
            return;
        }
        var action = $"{http.Request.Method} {path}";
        try
        {
            if (!HttpMethods.IsGet(http.Request.Method))
                NodeLog.Operator(log, action);
            if (!await api.TryHandleAsync(http, path["/ops/v1/".Length..].Split('/')))
                await ErrorAsync(http, 404, $"The operator's API has no {action}.");
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The operator went away, for example from a log that was followed.
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            switch (e)
            {
                case OperatorRefusedException refused:
                    await ErrorAsync(http, refused.Status, refused.Message);
                    break;
                case ApiException { IsServerFault: false } refused:
                    await ErrorAsync(
                        http, refused.Error.HttpStatus, refused.Form is null ? refused.Message : $"{refused.Message}: {refused.Form}");
                    break;
                case BadHttpRequestException bad:
                    await ErrorAsync(http, bad.StatusCode, bad.Message);
                    break;
                default:
                    NodeLog.OperatorFailed(log, e, action);
                    await ErrorAsync(http, 500, "The node failed to do this; its log says why.");
                    break;
            }
        }
    }

    /// <summary>Writes a value as JSON.</summary>
    internal static Task JsonAsync<T>(HttpContext http, int status, T value, JsonTypeInfo<T> type) =>
        TextAsync(http, status, JsonSerializer.Serialize(value, type), "application/json");

    internal static Task ErrorAsync(HttpContext http, int status, string sentence) =>
        JsonAsync(http, status, new OpsError(sentence), OpsJson.Wire.OpsError);

    private static async Task TextAsync(HttpContext http, int status, string text, string type)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes);
    }
}
