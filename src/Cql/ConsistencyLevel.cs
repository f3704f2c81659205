namespace Discord.Cql;

/// <summary>How many replicas must answer. The numbers are the protocol's (v4, section 3).</summary>
public enum ConsistencyLevel : ushort
{
    /// <summary>For writes: a hint will do.</summary>
    Any = 0x0000,

    /// <summary>One replica.</summary>
    One = 0x0001,

    /// <summary>Two replicas.</summary>
    Two = 0x0002,

    /// <summary>Three replicas.</summary>
    Three = 0x0003,

    /// <summary>A majority of all replicas.</summary>
    Quorum = 0x0004,

    /// <summary>All replicas.</summary>
    All = 0x0005,

    /// <summary>A majority of the replicas of the coordinator's data centre.</summary>
    LocalQuorum = 0x0006,

    /// <summary>A majority in each data centre; writes only.</summary>
    EachQuorum = 0x0007,

    /// <summary>Reads only: linearizable over all data centres.</summary>
    Serial = 0x0008,

    /// <summary>Reads only: linearizable in the coordinator's data centre.</summary>
    LocalSerial = 0x0009,

    /// <summary>One replica of the coordinator's data centre.</summary>
    LocalOne = 0x000A,
}
