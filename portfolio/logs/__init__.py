"""`portfolio logs`: the function's log and the gateway's access log of a stage, merged."""
