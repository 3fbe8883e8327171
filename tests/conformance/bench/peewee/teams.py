def story():
    teams = [Team.create(name=f"team {number}") for number in range(3)]
    players = [Player.create(name=f"player {number}") for number in range(6)]
    for place, player in enumerate(players):
        Contract.create(player=player, team=teams[place % 3], until=place)
        Contract.create(player=player, team=teams[(place + 1) % 3])
        [contract.team.name for contract in Contract.select(Contract, Team).join(Team).where(Contract.player == player)]
        player.contracts.count()
    for team in teams:
        [player.name for player in Player.select().join(Contract).where(Contract.team == team).order_by(Player.name)]
        team.contracts.where(Contract.until > 1).exists()
    for team in prefetch(Team.select(), Contract.select(), Player.select()):
        [contract.player.name for contract in team.contracts]
    list(Team.select(Team.name, fn.COUNT(Contract.id).alias("size")).join(Contract, JOIN.LEFT_OUTER).group_by(Team.name).tuples())
    Contract.update(until=9).where(Contract.team == teams[0]).execute()
    for player in players[:4]:
        Player.get_by_id(player.id)
        Player.get_or_none(Player.name == "nobody")
        Contract.delete().where(Contract.player == player).execute()
    Contract.delete().execute()
    Player.delete().execute()
    Team.delete().execute()
