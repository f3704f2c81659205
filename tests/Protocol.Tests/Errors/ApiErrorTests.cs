using System.Reflection;
using System.Text;
using Discord.Protocol.Errors;

namespace Discord.Protocol.Tests.Errors;

public sealed class ApiErrorTests
{
    private static List<ApiError> WellKnown { get; } = [.. typeof(ApiError).GetProperties(BindingFlags.Public | BindingFlags.Static)
        .Select(static property => property.GetValue(null)).OfType<ApiError>()];

    [Fact]
    public void WellKnown_codes_are_unique_and_statuses_are_errors()
    {
        Assert.True(WellKnown.Count > 200);
        var coded = WellKnown.Where(static error => error.Code != 0).ToList();
        Assert.Equal(coded.Count, coded.DistinctBy(static error => error.Code).Count());
        Assert.All(WellKnown, static error => Assert.True(error.HttpStatus is 202 or (>= 400 and < 600), error.ToString()));
        Assert.All(coded.Where(static error => error.Code is >= 10000 and < 20000), static error => Assert.Equal(404, error.HttpStatus));
    }

    [Fact]
    public void Payload_without_form_has_two_keys() =>
        Assert.Equal(
            """{"message":"Unknown Channel","code":10003}""", Encoding.UTF8.GetString(ErrorPayload.ToBytes(ApiError.UnknownChannel)));

    [Fact]
    public void FormErrors_whole_body_and_array_indices_have_their_shape()
    {
        var errors = new FormErrors()
            .Add("", "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")
            .Add("a.0.b", FormError.Required)
            .Add("a.0.b", FormError.MaxLength(5))
            .Add("a.2", FormError.NotAString("[...]"));
        Assert.Equal(
            """{"_errors":[{"code":"APPLICATION_COMMAND_TOO_LARGE","message":"Command exceeds maximum size (8000)"}],"a":"""
            + """{"0":{"b":{"_errors":[{"code":"BASE_TYPE_REQUIRED","message":"This field is required"},"""
            + """{"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 5 or fewer in length."}]}},"2":"""
            + """{"_errors":[{"code":"STRING_TYPE_CONVERT","message":"Could not interpret \"[...]\" as string."}]}}}""",
            errors.ToString());
    }
}
