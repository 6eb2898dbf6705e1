"""分诊台 (fenzhen): the front desk of a people's mediation centre."""
