using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;

namespace Discord.Node.Rest.Interactions;

/// <summary>What a user chose in a select menu or group, checked against its definition; what it names by id is looked up.</summary>
internal static class ChosenValues
{
    private const int Text = 3, User = 5, Role = 6, Mentionable = 7, Channel = 8, Files = 19, Boxes = 22;

    /// <summary>Whether a component of this type has values.</summary>
    public static bool Has(int type) => type is Text or User or Role or Mentionable or Channel or Files or Boxes;

    /// <summary>Reads <c>values</c>; an empty list where nothing needs to be chosen.</summary>
    /// <param name="form">Where the values stand.</param>
    /// <param name="files">Modals only.</param>
    public static List<string> Read(FormReader form, Defined component, ResolvedData resolved, GivenFiles? files, bool required = true)
    {
        int type = component.Type;
        int most = component.Int("max_values") ?? 1;
        int least = required ? component.Int("min_values") ?? 1 : 0;
        List<string> values = form.StringArray("values", most, 1, Limits.SelectOptionText, required: least > 0) ?? [];
        // A choice that may be left out is left out whole, or made as asked.
        int needed = !required && values.Count > 0 ? component.Int("min_values") ?? 1 : least;
        if (values.Count < needed)
            form.Fail("values", FormError.BadLength(needed, most));
        for (int i = 0; i < values.Count; i++)
        {
            string field = FormErrors.Join("values", i);
            if (values.IndexOf(values[i]) < i)
                form.Fail(field, FormError.Duplicate);
            else if (type is Text or Boxes)
            {
                if (!component.Items("options").Any(option => option.Text("value") == values[i]))
                    form.Fail(field, "COMPONENT_VALIDATION_FAILED", "The component has no such option");
            }
            else if (!Snowflake.TryParse(values[i], out Snowflake id))
                form.Fail(field, FormError.NotASnowflake(values[i]));
            else
                Look(form, field, id);
        }
        return values;

        void Look(FormReader form, string field, Snowflake id)
        {
            switch (type)
            {
                case User:
                    resolved.User(form, field, id);
                    break;
                case Role:
                    resolved.Role(form, field, id);
                    break;
                case Mentionable:
                    resolved.Mentionable(form, field, id);
                    break;
                case Channel:
                    resolved.Channel(form, field, id, component.Numbers("channel_types"));
                    break;
                case Files:
                    files!.Has(form, field, id.Value);
                    break;
            }
        }
    }
}
